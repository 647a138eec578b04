import type { Connection, SqlValue } from '../sql/connection.ts'
import { InventoryTable } from './inventory.ts'

/** Result of copying a table of a damaged database. */
export interface SalvagedTable {
  readonly name: string
  readonly rows: number
  /** Whether all rows were read and copied. */
  readonly isWhole: boolean
}

const PAGE = 256

/**
 * Copies all readable rows of a damaged database to a new store, table by table: from the first row up to the damage, then from the
 * last row back to it. Full text is not copied, because it can be built again. Call it in a transaction.
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

/** The stored columns of a table. A view, which has none, would execute what its author wrote, and so would a generated column. */
function readColumns(from: Connection, table: string): string[] {
  try {
    const declared = from.all<[string]>('SELECT sql FROM sqlite_master WHERE name = ? COLLATE NOCASE', [table])
    if (declared.some(([sql]) => !/^CREATE\sTABLE /.test(String(sql)))) return []
    const columns = from.all<[string, number]>('SELECT name, hidden FROM pragma_table_xinfo(?)', [table])
    return columns.filter(([, hidden]) => hidden === 0).map(([name]) => name)
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

/** Reads rows in pages, or one by one after an error, up to the end or the damage. */
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
