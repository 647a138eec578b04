import { StoreError } from '../errors.ts'
import type { Connection, SqlValue } from '../sql/connection.ts'

interface Column {
  readonly name: string
  /** As the schema writes it: a literal, or CURRENT_TIMESTAMP. */
  readonly defaultText: string | null
  readonly isRowId: boolean
}

/** By which rows are known of tables that number them: the rest of a row changes with time. */
const NATURAL_KEYS: { readonly [table: string]: readonly string[] } = {
  patterns: ['agent_id', 'pattern_type', 'pattern_data'],
  user_preferences: ['preference_type', 'preference_value'],
  learning_metrics: ['agent_id', 'metric_type', 'metric_value', 'baseline_value', 'timestamp'],
  // Not the pattern: uses of a strategy are put under the number of the pattern that it becomes.
  pattern_usage: ['agent_id', 'success', 'execution_time_ms', 'error_message', 'used_at'],
}

/** Times for columns that default to now: this is a redo log, so every value is bound. */
export interface Now {
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly text: string
}

/** What came of adding rows. */
export interface Added {
  readonly added: number
  /** How many this table may not hold. */
  readonly refused: number
  /** How many were here already, under their key or, where rows have none of their own, as equal rows. */
  readonly known: number
}

/**
 * Rows of a table whose rules are all in its schema, added as they are. The texts of its statements are made of the names in
 * our own schema: there are as many as there are tables and sets of columns that sources have.
 */
export class PlainRows {
  readonly #connection: Connection
  readonly #table: string
  readonly #columns: readonly Column[]

  /** @param table one of ours; its name becomes part of statements. */
  constructor(connection: Connection, table: string) {
    this.#connection = connection
    this.#table = table
    this.#columns = connection
      .all<[string, string, string | null, number]>('SELECT name, type, dflt_value, pk FROM pragma_table_info(?)', [
        table,
      ])
      .map(([name, type, defaultText, pk]) => ({ name, defaultText, isRowId: pk === 1 && type === 'INTEGER' }))
  }

  get names(): readonly string[] {
    return this.#columns.map(({ name }) => name)
  }

  /**
   * Adds the rows that are not here. Where the table numbers its rows itself, the numbers of the source are nothing to go by: a row
   * is here when an equal one is, as often as in the source. @param names of the columns, among those of the table.
   */
  add(names: readonly string[], rows: readonly (readonly SqlValue[])[], now: Now): Added {
    const numbered = this.#columns.find(({ isRowId }) => isRowId)
    if (names.every((name) => name === numbered?.name)) return { added: 0, known: 0, refused: rows.length }
    const taken = names.map((name, at) => ({ name, at })).filter(({ name }) => name !== numbered?.name)
    const cut = rows.map((row) => taken.map(({ at }) => row[at] ?? null))
    const wanted = numbered
      ? this.#missing(
          taken.map(({ name }) => name),
          cut,
        )
      : cut
    let [added, refused] = [0, 0]
    for (const row of wanted) {
      try {
        added += this.#insert(taken, row, now)
      } catch (error) {
        if (!isRefusal(error)) throw error
        refused++
      }
    }
    return { added, refused, known: rows.length - added - refused }
  }

  #missing(names: readonly string[], rows: readonly (readonly SqlValue[])[]): (readonly SqlValue[])[] {
    const key = (NATURAL_KEYS[this.#table] ?? names).filter((name) => names.includes(name))
    const places = key.map((name) => names.indexOf(name))
    const here = new Map<string, number>()
    for (const row of this.#connection.all(`SELECT ${key.join(', ')} FROM ${this.#table}`)) {
      here.set(identity(row), (here.get(identity(row)) ?? 0) + 1)
    }
    return rows.filter((row) => {
      const own = identity(places.map((at) => row[at] ?? null))
      const left = here.get(own) ?? 0
      here.set(own, left - 1)
      return left <= 0
    })
  }

  #insert(taken: readonly { readonly name: string }[], row: readonly SqlValue[], now: Now): number {
    const given = new Set(taken.map(({ name }) => name))
    const others = this.#columns.filter(({ name, isRowId }) => !given.has(name) && !isRowId)
    const names = [...taken, ...others].map(({ name }) => name)
    const sql = `INSERT INTO ${this.#table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
      ON CONFLICT DO NOTHING`
    return this.#connection.run(sql, [...row, ...others.map(({ defaultText }) => defaultOf(defaultText, now))])
  }
}

/** A statement that breaks a rule of its table changes nothing, and its transaction goes on. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof StoreError &&
    error.code === 'SQL_ERROR' &&
    /constraint failed|datatype mismatch/.test(error.message)
  )
}

function defaultOf(text: string | null, now: Now): SqlValue {
  if (text === null || text === 'NULL') return null
  if (text === 'CURRENT_TIMESTAMP') return now.text
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'")
  return text === 'TRUE' ? 1 : text === 'FALSE' ? 0 : Number(text)
}

function identity(row: readonly SqlValue[]): string {
  return JSON.stringify(row.map((value) => (value instanceof Uint8Array ? [...value] : value)))
}
