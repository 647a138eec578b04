import type { Connection, SqlValue } from '../sql/connection.ts'
import { InventoryTable } from './inventory.ts'

/** What came of one table of a damaged database. */
export interface SalvagedTable {
  readonly name: string
  readonly rows: number
  /** False where a part of it cannot be read, or its rows were not taken. */
  readonly isWhole: boolean
}

const PAGE = 256

/**
 * Copies every row that can be read from a damaged database to a new one with our schema, table by table: from the first
 * to the damage, then from the last back to it. Full text is not copied: it is made anew from what it is about. Belongs into a
 * transaction.
 */
export function copyReadableRows(from: Connection, to: Connection): SalvagedTable[] {
  const tables = new InventoryTable(to).list().filter(({ kind }) => kind === 'table')
  return tables.map(({ name, columns }) => {
    const known = readColumns(from, name)
    const shared = columns.map((column) => column.name).filter((column) => known.includes(column))
    if (shared.length === 0) return { name, rows: 0, isWhole: false }
    const names = shared.map(quoted).join(', ')
    const insert = `INSERT OR REPLACE INTO ${quoted(name)} (${names}) VALUES (${shared.map(() => '?').join(', ')})`
    let rows = 0
    let isWhole = true
    for (const row of readable(from, name, names, () => {
      isWhole = false
    })) {
      try {
        rows += to.transaction(() => to.run(insert, row))
      } catch {
        isWhole = false
      }
    }
    return { name, rows, isWhole }
  })
}

function readColumns(from: Connection, table: string): string[] {
  try {
    return from.all<[string]>('SELECT name FROM pragma_table_info(?)', [table]).map(([name]) => name)
  } catch {
    return []
  }
}

function* readable(from: Connection, table: string, names: string, damaged: () => void): Generator<SqlValue[]> {
  const select = `SELECT rowid, ${names} FROM ${quoted(table)} NOT INDEXED WHERE rowid`
  let last = Number.NEGATIVE_INFINITY
  for (const row of walk(from, `${select} > ? ORDER BY rowid LIMIT ?`, last, damaged)) {
    last = Number(row[0])
    yield row.slice(1)
  }
  for (const row of walk(from, `${select} < ? ORDER BY rowid DESC LIMIT ?`, Number.POSITIVE_INFINITY, damaged)) {
    if (Number(row[0]) <= last) return
    yield row.slice(1)
  }
}

/** Row by row where a page of them cannot be read at once; ends at the end or at the damage. */
function* walk(from: Connection, sql: string, start: number, damaged: () => void): Generator<SqlValue[]> {
  let at = start
  let size = PAGE
  for (;;) {
    let rows: readonly (readonly SqlValue[])[]
    try {
      rows = from.read(sql, [at, size], size).rows
    } catch {
      if (size === 1) {
        damaged()
        return
      }
      size = 1
      continue
    }
    for (const row of rows) yield [...row]
    if (rows.length < size) return
    at = Number(rows.at(-1)?.[0])
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
