import { StoreError } from '../errors.ts'

/** A table, view or virtual table that a schema declares. */
export interface Declared {
  /** In lower case, because SQLite ignores case. */
  readonly name: string
  readonly kind: 'table' | 'view' | 'virtual'
  /** Module of a virtual table, in lower case. */
  readonly module?: string
}

/** SQLite stores each declaration as these words, followed by the rest of the statement from the name on. */
const DECLARATION = /^CREATE (TABLE|VIEW|VIRTUAL TABLE) +/
const OTHER = /^CREATE (UNIQUE )?(INDEX|TRIGGER) /
const NAME = /^(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|`((?:[^`]|``)*)`|\[([^\]]*)\]|([\p{L}_][\p{L}\p{N}_$]*))/u
/** Ten times as many as in any file of agentic-qe. The check of one table takes time in proportion to their number. */
const MAX_NAMES = 1000
const MODULE = /^\s*USING\s+(\w+)/i

/**
 * Parses the declarations of a schema, by name. It parses the SQL instead of trusting the columns `type` and `name`, because SQLite
 * executes the SQL, and a forged row can call a view a table.
 * @throws NOT_A_STORE for an unknown declaration, a duplicate name, or more than 1,000 names.
 */
export function declared(texts: readonly string[]): Map<string, Declared> {
  const declarations = new Map<string, Declared>()
  for (const text of texts) {
    if (OTHER.test(text)) continue
    const [words, what] = DECLARATION.exec(text) ?? []
    const rest = text.slice(words?.length)
    const [whole, ...quoted] = NAME.exec(rest) ?? []
    if (whole === undefined || words === undefined) throw foreign(`a schema of tables, got \`${text.slice(0, 40)}\``)
    const name = unquoted(quoted).toLowerCase()
    if (declarations.size === MAX_NAMES) throw foreign(`at most ${MAX_NAMES} tables and views, got more`)
    if (declarations.has(name)) throw foreign(`each name once in the schema, got ${name.slice(0, 40)} twice`)
    const module = what === 'VIRTUAL TABLE' ? MODULE.exec(rest.slice(whole.length))?.[1]?.toLowerCase() : undefined
    const kind = what === 'TABLE' ? 'table' : what === 'VIEW' ? 'view' : 'virtual'
    declarations.set(name, module === undefined ? { name, kind } : { name, kind, module })
  }
  return declarations
}

function unquoted([double, single, back, bracket, bare]: readonly (string | undefined)[]): string {
  const doubled: readonly [string | undefined, string][] = [
    [double, '"'],
    [single, "'"],
    [back, '`'],
  ]
  for (const [text, quote] of doubled) if (text !== undefined) return text.replaceAll(quote + quote, quote)
  return bracket ?? bare ?? ''
}

export function foreign(expected: string, cause?: unknown): StoreError {
  return new StoreError('NOT_A_STORE', `Expected ${expected}`, { cause })
}
