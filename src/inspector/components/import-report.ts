import { html, nothing, type TemplateResult } from 'lit'
import type { ImportCount } from '../../learning/maintenance/import-batch.ts'
import type { ImportResult } from '../../transfer/job.ts'
import { count, plural, text } from '../format.ts'
import type { Column } from './rows-table.ts'
import './rows-table.ts'

const CHANGES: readonly Column<ImportCount>[] = [
  { name: 'data', cell: ({ what }) => text(what) },
  { name: 'new', cell: ({ added }) => count(added), isNumber: true, width: 9 },
  { name: 'already present', cell: ({ known }) => count(known), isNumber: true, width: 16 },
]

/** The changes of an import or of its dry run. */
export function importReport({ format, changes, skipped, notes, merged }: ImportResult): TemplateResult {
  return html`<p>Detected format: <b>${format}</b></p>
    ${
      merged
        ? html`<p>
            ${plural(merged.added, 'new experience')} of ${plural(merged.agents, 'agent')}, ${count(merged.known)} already present.
          </p>`
        : nothing
    }
    ${
      changes.length > 0
        ? html`<learning-rows label="Imported rows" .columns=${CHANGES} .rows=${changes}></learning-rows>`
        : nothing
    }
    ${
      skipped.length > 0
        ? html`<h3>Skipped</h3>
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
