import { html, nothing, type TemplateResult } from 'lit'
import type { ImportCount } from '../../learning/maintenance/import-batch.ts'
import type { ImportResult } from '../../transfer/job.ts'
import { count, plural, text } from '../format.ts'
import type { Column } from './rows-table.ts'
import './rows-table.ts'

const CHANGES: readonly Column<ImportCount>[] = [
  { name: 'what', cell: ({ what }) => text(what) },
  { name: 'new', cell: ({ added }) => count(added), isNumber: true, width: 9 },
  { name: 'known already', cell: ({ known }) => count(known), isNumber: true, width: 14 },
]

/** What an import brought in, or would. */
export function importReport({ format, changes, skipped, notes, merged, dryRun }: ImportResult): TemplateResult {
  return html`<p>${dryRun ? 'It would be read' : 'It was read'} as <b>${format}</b>.</p>
    ${
      merged
        ? html`<p>
            ${count(merged.added)} new experiences of ${count(merged.agents)} agents, ${count(merged.known)} known already.
          </p>`
        : nothing
    }
    ${
      changes.length > 0
        ? html`<learning-rows label="What comes in" .columns=${CHANGES} .rows=${changes}></learning-rows>`
        : nothing
    }
    ${
      skipped.length > 0
        ? html`<h3>Left out</h3>
            <ul>
              ${skipped.map(
                ({ what, count: rows, reason }) =>
                  html`<li class="wrap"><b><bdi>${what}</bdi></b>${rows > 0 ? html` (${plural(rows, 'row')})` : nothing}: <bdi>${reason}</bdi></li>`,
              )}
            </ul>`
        : nothing
    }
    ${notes.map((note) => html`<p class="note wrap"><bdi>${note}</bdi></p>`)}`
}
