import type { Connection, Rows } from '../sql/connection.ts'

/** The kind of a table: an ordinary table, a view, or a virtual table. */
export type TableKind = 'table' | 'view' | 'virtual'

/** A column of a table. */
export interface TableColumn {
  readonly name: string
  /** Declared type; empty without a declaration. */
  readonly type: string
}

/** A table or view of the database. */
export interface TableSummary {
  readonly name: string
  readonly kind: TableKind
  /** Number of rows; null for views, which would have to be computed, and for unreadable tables. */
  readonly rowCount: number | null
  readonly columns: readonly TableColumn[]
}

const TABLES = `SELECT name, type FROM pragma_table_list
  WHERE schema = 'main' AND type IN ('table', 'view', 'virtual') AND name NOT GLOB 'sqlite_*' ORDER BY name`

const COLUMNS = 'SELECT name, type FROM pragma_table_info(?) ORDER BY cid'

/** The tables of any database. */
export class InventoryTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Sorted by name, without internal tables of SQLite and shadow tables. */
  list(): TableSummary[] {
    return this.#connection.all<[string, TableKind]>(TABLES).map(([name, kind]) => ({
      name,
      kind,
      rowCount: kind === 'view' ? null : this.#count(name),
      columns: this.#columns(name),
    }))
  }

  /** Returns rows in the scan order of SQLite, usually by row id; undefined if there is no such table or view. */
  rows(name: string, limit: number, offset: number): Rows | undefined {
    const exists = this.#connection.all<[string, TableKind]>(TABLES).some(([known]) => known === name)
    if (!exists) return undefined
    const columns = this.#columns(name).map((column) => quoted(column.name))
    // One more than the limit, to detect further rows.
    const sql = `SELECT ${columns.join(', ')} FROM ${quoted(name)} LIMIT ? OFFSET ?`
    return this.#connection.read(sql, [limit + 1, offset], limit)
  }

  /** Empty for a view of a missing table. */
  #columns(name: string): TableColumn[] {
    try {
      return this.#connection.all<[string, string]>(COLUMNS, [name]).map(([column, type]) => ({ name: column, type }))
    } catch {
      return []
    }
  }

  #count(name: string): number | null {
    try {
      // SQLite cannot bind names. `read` does not cache the statement: a database can have any number of tables.
      const { rows } = this.#connection.read(`SELECT count(*) FROM ${quoted(name)}`, [], 1)
      return Number(rows[0]?.[0])
    } catch {
      return null
    }
  }
}

/** Quotes a name, which SQLite cannot bind. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
