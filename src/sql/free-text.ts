import { StoreError } from '../errors.ts'
import { LIMITS, tooLarge } from '../limits.ts'
import type { SqlJsDatabase, SqlJsStatement } from './sql-js.ts'
import { type SqlValue, sqlError } from './statements.ts'

/** The result of an SQL query. */
export interface Rows {
  /** Names of the columns. */
  readonly columns: readonly string[]
  /** Shape [rows][columns]. */
  readonly rows: readonly (readonly SqlValue[])[]
  /** Whether the limit cut off rows. */
  readonly isTruncated: boolean
}

/** Pragmas that only read. Others take effect during compilation, where `query_only` cannot stop them. */
const PRAGMAS = [
  'application_id',
  'collation_list',
  'compile_options',
  'database_list',
  'encoding',
  'foreign_key_check',
  'foreign_key_list',
  'freelist_count',
  'function_list',
  'index_info',
  'index_list',
  'index_xinfo',
  'integrity_check',
  'module_list',
  'page_count',
  'page_size',
  'pragma_list',
  'quick_check',
  'schema_version',
  'table_info',
  'table_list',
  'table_xinfo',
  'user_version',
]

/** A comment or white space, a quoted string or name, a word, or any other character. */
const TOKEN =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|'(?:[^']+|'')*'?|"(?:[^"]+|"")*"?|`(?:[^`]+|``)*`?|\[[^\]]*\]?|[\p{L}\p{N}_$]+|[\s\S]/gu

/**
 * Executes a single read-only statement. `query_only` refuses writes that begin like a query, such as WITH ... DELETE.
 * @throws INVALID_ARGUMENT, SQL_ERROR
 */
export function readFreeText(database: SqlJsDatabase, sql: string, values: readonly SqlValue[], limit: number): Rows {
  checkReads(sql)
  database.exec('PRAGMA query_only=ON')
  let statement: SqlJsStatement | undefined
  try {
    statement = database.prepare(sql)
    bindAll(statement, values)
    const columns = statement.getColumnNames()
    const rows: SqlValue[][] = []
    let isTruncated = false
    while (!isTruncated && statement.step()) {
      if (rows.length === limit) isTruncated = true
      else rows.push(statement.get() as SqlValue[])
    }
    return { columns, rows, isTruncated }
  } catch (cause) {
    throw cause instanceof StoreError ? cause : sqlError(sql, cause)
  } finally {
    statement?.free()
    database.exec('PRAGMA query_only=OFF')
  }
}

function checkReads(sql: string): void {
  if (sql.length > LIMITS.sqlLength) throw tooLarge('an SQL statement', LIMITS.sqlLength, 'characters')
  if (sql.includes('\0')) throw refused('a text without NUL', sql)
  const all = [...sql.matchAll(TOKEN)].filter(({ groups }) => groups?.space === undefined).map(([token]) => token)
  const end = all.indexOf(';')
  const tokens = end === -1 ? all : all.slice(0, end)
  if (end !== -1 && all.slice(end).some((token) => token !== ';')) throw refused('exactly one statement', sql)
  const words = tokens.map((token) => token.toUpperCase())
  if (words[0] === 'PRAGMA') {
    checkPragma(tokens.slice(1), sql)
    return
  }
  const explained = words.slice(words[1] === 'QUERY' && words[2] === 'PLAN' ? 3 : 1)
  const [first] = words[0] === 'EXPLAIN' ? explained : words
  if (first === undefined || !['SELECT', 'WITH', 'VALUES'].includes(first)) {
    throw refused('a statement that reads (SELECT, WITH, VALUES, EXPLAIN of these, or a PRAGMA that only reads)', sql)
  }
}

/** Allows a listed name, optionally with a schema and an argument in parentheses. */
function checkPragma(tokens: readonly string[], sql: string): void {
  const [name = '', ...rest] = tokens[1] === '.' ? tokens.slice(2) : tokens
  const isKnown = PRAGMAS.includes(name.toLowerCase())
  const isPlain = rest.length === 0 || (rest.length === 3 && rest[0] === '(' && rest[2] === ')')
  if (!isKnown || !isPlain) throw refused(`one of the pragmas ${PRAGMAS.join(', ')}, without =`, sql)
}

function refused(expected: string, sql: string): StoreError {
  return new StoreError('INVALID_ARGUMENT', `Expected ${expected}, got \`${sql.trim().slice(0, 120)}\``)
}

/** SQLite treats unbound parameters as NULL. To refuse them, binding one value more than given must fail. */
function bindAll(statement: SqlJsStatement, values: readonly SqlValue[]): void {
  let isMore = true
  try {
    statement.bind([...values, 0])
  } catch {
    isMore = false
  }
  statement.reset()
  if (isMore) {
    throw new StoreError('INVALID_ARGUMENT', `Expected a value for every parameter, got only ${values.length}`)
  }
  statement.bind(values)
}
