import { html } from 'lit'
import type { Rows, SqlValue } from '../../sql/connection.ts'
import { plural, text } from '../format.ts'
import type { Column } from './rows-table.ts'

const LEAST = 8
const MOST = 40

/** Columns for what SQL answered, as wide as their first rows ask for. */
export function cellsOf({ columns, rows }: Rows): readonly Column<readonly SqlValue[]>[] {
  return columns.map((name, i) => {
    const first = rows.slice(0, 50).map((row) => row[i])
    const lengths = first.map((value) => (value instanceof Uint8Array ? 12 : String(value).length))
    const width = Math.max(LEAST, Math.min(MOST, Math.max(name.length + 2, ...lengths)))
    const isNumber = first.some((value) => typeof value === 'number')
    return { name, width, isNumber, cell: (row) => shown(row[i]), by: (row) => sortable(row[i]) }
  })
}

function shown(value: SqlValue | undefined): unknown {
  if (value === null || value === undefined) return html`<i class="dim">null</i>`
  if (value instanceof Uint8Array) return html`<i class="dim">${plural(value.length, 'byte')}</i>`
  // As SQLite has it: not rounded, not grouped.
  return typeof value === 'number' ? String(value) : text(value)
}

function sortable(value: SqlValue | undefined): number | string {
  return typeof value === 'number' || typeof value === 'string' ? value : ''
}
