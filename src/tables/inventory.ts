import type { Connection, Rows } from '../sql/connection.ts'

export type TableKind = 'table' | 'view' | 'virtual'

export interface TableColumn {
  readonly name: string
  /** As declared; empty where nothing was. */
  readonly type: string
}

/** A table or view of the database. */
export interface TableSummary {
  readonly name: string
  readonly kind: TableKind
  /** Null for a view, which has to be computed, and where the rows cannot be read. */
  readonly rowCount: number | null
  readonly columns: readonly TableColumn[]
}

const TABLES = `SELECT name, type FROM pragma_table_list
  WHERE schema = 'main' AND type IN ('table', 'view', 'virtual') AND name NOT GLOB 'sqlite_*' ORDER BY name`

const COLUMNS = 'SELECT name, type FROM pragma_table_info(?) ORDER BY cid'

/** What the database consists of, whoever made it. */
export class InventoryTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** By name; without the tables that SQLite keeps for itself or behind a virtual one. */
  list(): TableSummary[] {
    return this.#connection.all<[string, TableKind]>(TABLES).map(([name, kind]) => ({
      name,
      kind,
      rowCount: kind === 'view' ? null : this.#count(name),
      columns: this.#columns(name),
    }))
  }

  /** In the order in which SQLite finds them: by their row id, mostly. Undefined where there is no such table or view. */
  rows(name: string, limit: number, offset: number): Rows | undefined {
    const isThere = this.#connection.all<[string, TableKind]>(TABLES).some(([known]) => known === name)
    if (!isThere) return undefined
    const columns = this.#columns(name).map((column) => quoted(column.name))
    // One more than is shown, which tells whether there are more.
    const sql = `SELECT ${columns.join(', ')} FROM ${quoted(name)} LIMIT ? OFFSET ?`
    return this.#connection.read(sql, [limit + 1, offset], limit)
  }

  /** None where a view is of something that is not there. */
  #columns(name: string): TableColumn[] {
    try {
      return this.#connection.all<[string, string]>(COLUMNS, [name]).map(([column, type]) => ({ name: column, type }))
    } catch {
      return []
    }
  }

  #count(name: string): number | null {
    try {
      // A name cannot be bound. It is not prepared for good: other programs may have made any number of tables.
      const { rows } = this.#connection.read(`SELECT count(*) FROM ${quoted(name)}`, [], 1)
      return Number(rows[0]?.[0])
    } catch {
      return null
    }
  }
}

/** A name cannot be bound. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
