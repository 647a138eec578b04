import type { Connection } from './connection.ts'
import type { Engine } from './engine.ts'
import type { SqlJsDatabase } from './sql-js.ts'
import { type SqlValue, sqlError } from './statements.ts'

/** Rows of a table. Table and columns become part of statements: they must be names from this package. */
export interface TableRows {
  readonly table: string
  readonly columns: readonly string[]
  readonly rows: Iterable<readonly SqlValue[]>
}

const PAGE = 1000

/** Reads all rows of a table of the store in the order of their rowids, page by page. */
export function* rowsOf(connection: Connection, table: string, columns: readonly string[]): Generator<SqlValue[]> {
  const sql = `SELECT ${columns.join(', ')}, rowid FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ${PAGE}`
  let after = Number.MIN_SAFE_INTEGER
  for (;;) {
    const rows = connection.all<SqlValue[]>(sql, [after])
    for (const row of rows) {
      after = Number(row.pop())
      yield row
    }
    if (rows.length < PAGE) return
  }
}

/** Creates a database with a schema and rows. @returns its bytes, deterministically. @throws SQL_ERROR */
export function databaseOf(engine: Engine, schema: readonly string[], tables: Iterable<TableRows>): Uint8Array {
  const database = engine.open()
  try {
    database.exec('BEGIN')
    for (const statement of schema) database.exec(statement)
    for (const table of tables) insert(database, table)
    database.exec('COMMIT')
    return database.export()
  } catch (cause) {
    throw sqlError('a database for export', cause)
  } finally {
    database.close()
  }
}

function insert(database: SqlJsDatabase, { table, columns, rows }: TableRows): void {
  const statement = database.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  )
  try {
    for (const row of rows) {
      statement.bind(row)
      statement.step()
      statement.reset()
    }
  } finally {
    statement.free()
  }
}
