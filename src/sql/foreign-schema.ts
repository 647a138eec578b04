import { StoreError } from '../errors.ts'

/** What a file declares under a name that statements can read from. */
export interface Declared {
  /** In lower case: SQLite does not tell cases apart. */
  readonly name: string
  readonly kind: 'table' | 'view' | 'virtual'
  /** The module of a virtual table. */
  readonly module?: string
}

/** SQLite keeps each declaration as these words and the rest of the statement from the name on. */
const DECLARATION = /^CREATE (TABLE|VIEW|VIRTUAL TABLE) +/
const OTHER = /^CREATE (UNIQUE )?(INDEX|TRIGGER) /
const NAME = /^(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|`((?:[^`]|``)*)`|\[([^\]]*)\]|([\p{L}_][\p{L}\p{N}_$]*))/u
/** Ten times as many as any file of agentic-qe has. To check one table SQLite goes through the names of all. */
const MOST_NAMES = 1000
const MODULE = /^\s*USING\s+(\w+)/i

/**
 * What the texts of a schema declare. The texts are parsed rather than the columns beside them believed: SQLite runs the
 * texts, and a stranger can call a view a table of another name there.
 * @throws NOT_A_STORE where a text declares nothing that is known, two declare the same name, or there are more than 1,000.
 */
export function declared(texts: readonly string[]): Map<string, Declared> {
  const found = new Map<string, Declared>()
  for (const text of texts) {
    if (OTHER.test(text)) continue
    const [words, what] = DECLARATION.exec(text) ?? []
    const rest = text.slice(words?.length)
    const [whole, ...quoted] = NAME.exec(rest) ?? []
    if (whole === undefined || words === undefined) throw foreign(`a schema of tables, got \`${text.slice(0, 40)}\``)
    const name = unquoted(quoted).toLowerCase()
    if (found.size === MOST_NAMES) throw foreign(`at most ${MOST_NAMES} tables and views, got more`)
    if (found.has(name)) throw foreign(`each name once in the schema, got ${name.slice(0, 40)} twice`)
    const module = what === 'VIRTUAL TABLE' ? MODULE.exec(rest.slice(whole.length))?.[1]?.toLowerCase() : undefined
    const kind = what === 'TABLE' ? 'table' : what === 'VIEW' ? 'view' : 'virtual'
    found.set(name, module === undefined ? { name, kind } : { name, kind, module })
  }
  return found
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
