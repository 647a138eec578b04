import { StoreError } from '../errors.ts'
import type { SqlJsDatabase, SqlJsStatement } from './sql-js.ts'
import { type SqlValue, sqlError } from './statements.ts'

/** What a free text answered. */
export interface Rows {
  readonly columns: readonly string[]
  /** Shape [rows][columns]. */
  readonly rows: readonly (readonly SqlValue[])[]
  /** Whether there are more rows than were asked for. */
  readonly isTruncated: boolean
}

/** Pragmas that only tell. Others act while they are compiled, before anything could stop them. */
const PRAGMAS = [
  ...['application_id', 'collation_list', 'compile_options', 'database_list', 'encoding', 'foreign_key_check'],
  ...['foreign_key_list', 'freelist_count', 'function_list', 'index_info', 'index_list', 'index_xinfo'],
  ...['integrity_check', 'module_list', 'page_count', 'page_size', 'pragma_list', 'quick_check', 'schema_version'],
  ...['table_info', 'table_list', 'table_xinfo', 'user_version'],
]

/** A comment or a space, what is quoted, a semicolon, a word, or any other character. */
const TOKEN =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`(?:[^`]|``)*`?|\[[^\]]*\]?|[\p{L}\p{N}_$]+|[\s\S]/gu

/**
 * Runs one statement that only reads, and frees it. `query_only` refuses what writes in spite of how it begins, such as
 * WITH ... DELETE. @throws INVALID_ARGUMENT, SQL
 */
export function readFreeText(database: SqlJsDatabase, sql: string, values: readonly SqlValue[], most: number): Rows {
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
      if (rows.length === most) isTruncated = true
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
    throw refused('a statement that reads (SELECT, WITH, VALUES, EXPLAIN of these, or a PRAGMA that only tells)', sql)
  }
}

/** A name from the list, of a schema or not, with an argument in parentheses or without. */
function checkPragma(tokens: readonly string[], sql: string): void {
  const [name = '', ...rest] = tokens[1] === '.' ? tokens.slice(2) : tokens
  const isKnown = PRAGMAS.includes(name.toLowerCase())
  const isPlain = rest.length === 0 || (rest.length === 3 && rest[0] === '(' && rest[2] === ')')
  if (!isKnown || !isPlain) throw refused(`one of the pragmas ${PRAGMAS.join(', ')}, without =`, sql)
}

function refused(expected: string, sql: string): StoreError {
  return new StoreError('INVALID_ARGUMENT', `Expected ${expected}, got \`${sql.trim().slice(0, 120)}\``)
}

/** A parameter that nobody binds would silently be NULL: one value more than given must not find a storage. */
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
