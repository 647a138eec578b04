import { StoreError } from '../errors.ts'
import type { Connection, SqlValue } from './connection.ts'
import { migrations, schemaVersion } from './migrations.ts'
import { checkSchemaPages } from './schema-pages.ts'

const IDENTIFIER = String.raw`(\w+|"(?:[^"]|"")+"|'(?:[^']|'')+'|\x60[^\x60]+\x60|\[[^\]]+\])`
const TABLE = new RegExp(`^CREATE\\sTABLE ${IDENTIFIER}\\s*\\(`)
/** An index of columns: without expressions, which could be anything, and conditions. */
const INDEX = new RegExp(
  `^CREATE (UNIQUE )?INDEX ${IDENTIFIER}\\s+ON\\s+${IDENTIFIER}\\s*\\(\\s*COLUMN(?:\\s*,\\s*COLUMN)*\\s*\\)\\s*$`.replaceAll(
    'COLUMN',
    `${IDENTIFIER}(?:\\s+COLLATE\\s+\\w+)?(?:\\s+(?:ASC|DESC))?`,
  ),
  'i',
)
/** Splits a declaration as SQLite does: words in quotes and comments are no keywords. */
const TOKENS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\w+|\S/g
/** Of checks, generated columns and the selections of tables: SQLite evaluates them when it writes or checks a table. */
const EVALUATED = /^(AS|CHECK|GENERATED)$/i
/** Names that stand for something else unless a table has them. */
const RESERVED = /^(sqlite_(?!sequence$|stat[134]$)|pragma_|jsonb?_(each|tree)$|fts\d|temp$)/
/** A position where `ALTER TABLE` inserts columns: before the constraints of the table. */
const CONSTRAINTS = /,\s*(?:UNIQUE|PRIMARY KEY|CHECK|FOREIGN KEY) ?\([^;]*$|\)$/

/** How the message of a refused schema begins. */
export const CHANGED_SCHEMA = 'Another program changed the schema of the store'

/** Refuses bytes whose schema SQLite would read for ever. @throws CORRUPT_SNAPSHOT */
export function checkPages(bytes: Uint8Array): void {
  try {
    checkSchemaPages(bytes)
  } catch (cause) {
    throw new StoreError('CORRUPT_SNAPSHOT', `The schema of the database cannot be read: ${String(cause)}`, { cause })
  }
}

/**
 * Refuses a schema that could execute what this package did not write: triggers, views, and whatever differs from the declarations of
 * its version. Other tables and indexes are allowed if they contain no expressions; what is missing is left to `verify`. Reads the
 * declarations and executes none of them. A later version is not checked.
 * @throws MODIFIED_EXTERNALLY, CORRUPT_SNAPSHOT
 */
export function checkSchema(connection: Connection): void {
  const problem = problemOf(connection)
  if (problem === undefined) return
  const remedy = 'Move the rows to a new store: `learning-store doctor --repair`, or `importFile` of this file.'
  throw new StoreError(
    'MODIFIED_EXTERNALLY',
    `${CHANGED_SCHEMA}: ${problem}. Nothing of it was executed, and nothing was changed. ${remedy}`,
  )
}

/** Whether a check of the pages executes nothing that this package did not write. @throws CORRUPT_SNAPSHOT */
export function isSchemaKnown(connection: Connection): boolean {
  return schemaVersion(connection) <= migrations.length && problemOf(connection) === undefined
}

function problemOf(connection: Connection): string | undefined {
  const [version, rows] = read(connection)
  if (version > migrations.length || rows.length === 0) return undefined
  if (version < 1) return `its version is ${version}`
  const expected = declarations(migrations.slice(0, version).flat())
  const names = new Set(declarations(migrations.flat()).values())
  const roots = new Set<SqlValue>()
  for (const [name, root, sql] of rows) {
    if (root !== 0 && (root === 1 || typeof root !== 'number' || roots.has(root))) {
      return `${shown(name)} has no pages of its own`
    }
    roots.add(root)
    // Without a declaration, SQLite takes the row for an index that belongs to a table.
    if (sql === null || (typeof sql === 'string' && expected.has(sql))) continue
    const problem = typeof sql === 'string' ? problemOfExtra(sql, names) : 'is not declared by a text'
    if (problem !== undefined) return `${shown(name)} ${problem}`
  }
  return undefined
}

type Row = readonly [name: SqlValue, root: SqlValue, sql: SqlValue]

/** Called `sqlite_master` here, because a forged table can have the newer name. */
function read(connection: Connection): [version: number, rows: Row[]] {
  try {
    const rows = connection.all<Row>('SELECT name, rootpage, sql FROM sqlite_master')
    return [schemaVersion(connection), rows]
  } catch (cause) {
    throw new StoreError('CORRUPT_SNAPSHOT', 'Expected a whole database, but its schema cannot be read', { cause })
  }
}

/** Why a declaration that is not of this package is refused; undefined if it is a table or an index without expressions. */
function problemOfExtra(sql: string, names: ReadonlySet<string>): string | undefined {
  const table = nameIn(TABLE.exec(sql)?.[1])
  if (table !== undefined) {
    if (names.has(table)) return 'differs from the table of this package'
    if (RESERVED.test(table)) return 'has a name that SQLite uses'
    return sql.match(TOKENS)?.some((token) => EVALUATED.test(token)) ? 'contains expressions' : undefined
  }
  const [, unique, name, indexed] = INDEX.exec(sql) ?? []
  if (name === undefined) return 'is neither a table nor an index of columns'
  if (names.has(nameIn(name) ?? '')) return 'differs from the index of this package'
  return unique !== undefined && names.has(nameIn(indexed) ?? '') ? 'restricts a table of this package' : undefined
}

function nameIn(identifier: string | undefined): string | undefined {
  return identifier?.replace(/^["'`[]|["'`\]]$/g, '').toLowerCase()
}

function shown(name: SqlValue): string {
  return JSON.stringify(String(name).slice(0, 60))
}

/** The declarations that SQLite stores after these statements, with the names of what they declare. */
function declarations(statements: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const statement of statements) {
    const created = /^CREATE (?:VIRTUAL |UNIQUE )?(?:TABLE|INDEX|VIEW) (\w+)/.exec(statement)
    if (created) found.set(created[1] ?? '', statement)
    const [, table = '', column = ''] = /^ALTER TABLE (\w+) ADD COLUMN ([\s\S]*)/.exec(statement) ?? []
    const earlier = found.get(table)
    if (earlier !== undefined)
      found.set(
        table,
        earlier.replace(CONSTRAINTS, (rest) => `, ${column}${rest}`),
      )
  }
  return new Map([...found].map(([name, sql]) => [sql, name.toLowerCase()]))
}
