import { html } from 'lit'
import type { Rows, SqlValue } from '../../sql/connection.ts'
import { plural, text } from '../format.ts'
import type { Column } from './rows-table.ts'

/** In `ch`. */
const MIN_WIDTH = 8
const MAX_WIDTH = 40

/** Columns of a table of SQL results, as wide as their first rows. */
export function sqlColumns({ columns, rows }: Rows): readonly Column<readonly SqlValue[]>[] {
  return columns.map((name, i) => {
    const first = rows.slice(0, 50).map((row) => row[i])
    const lengths = first.map((value) => (value instanceof Uint8Array ? 12 : String(value).length))
    const width = Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, Math.max(name.length + 2, ...lengths)))
    const isNumber = first.some((value) => typeof value === 'number')
    return { name, width, isNumber, cell: (row) => cellText(row[i]), by: (row) => sortKey(row[i]) }
  })
}

function cellText(value: SqlValue | undefined): unknown {
  if (value === null || value === undefined) return html`<i class="dim">null</i>`
  if (value instanceof Uint8Array) return html`<i class="dim">${plural(value.length, 'byte')}</i>`
  // Neither rounded nor grouped.
  return typeof value === 'number' ? String(value) : text(value)
}

function sortKey(value: SqlValue | undefined): number | string {
  return typeof value === 'number' || typeof value === 'string' ? value : ''
}
