import { StoreError } from '../errors.ts'
import type { Connection, SqlValue } from '../sql/connection.ts'
import { naturalKeyOf } from './tables.ts'

interface Column {
  readonly name: string
  /** SQL of the default value: a literal, or CURRENT_TIMESTAMP. */
  readonly defaultText: string | null
  readonly isRowId: boolean
  readonly isTime: boolean
}

/** The current time for defaults: the redo log requires bound values. */
export interface Now {
  /** As a DATETIME column has it. */
  readonly text: string
}

/** Result of adding rows. */
export interface AddRowsResult {
  readonly added: number
  /** Number of rows that violate a constraint of the table. */
  readonly refused: number
  /** Number of rows that the table already had. */
  readonly known: number
}

/**
 * Adds rows to a table whose rules are all in its schema. Its statements are built from names of our own schema: their number is bounded
 * by the tables and the sets of columns of sources.
 */
export class PlainRows {
  readonly #connection: Connection
  readonly #table: string
  readonly #columns: readonly Column[]

  /** @param table of our schema: its name becomes part of statements. */
  constructor(connection: Connection, table: string) {
    this.#connection = connection
    this.#table = table
    this.#columns = connection
      .all<[string, string, string | null, number]>('SELECT name, type, dflt_value, pk FROM pragma_table_info(?)', [
        table,
      ])
      .map(([name, type, defaultText, pk]) => ({
        name,
        defaultText,
        isRowId: pk === 1 && type === 'INTEGER',
        isTime: type === 'DATETIME',
      }))
  }

  get names(): readonly string[] {
    return this.#columns.map(({ name }) => name)
  }

  /**
   * Adds the rows that the table does not have. If the table only numbers its rows, the numbers of the source are ignored, and a row is
   * known if the table has an equal one; duplicates in the source are added as often as they are missing.
   * @param names of the columns.
   */
  add(names: readonly string[], rows: readonly (readonly SqlValue[])[], now: Now): AddRowsResult {
    const numbered = this.#columns.find(({ isRowId }) => isRowId)
    if (names.every((name) => name === numbered?.name)) return { added: 0, known: 0, refused: rows.length }
    const columns = names.map((name, at) => ({ name, at })).filter(({ name }) => name !== numbered?.name)
    const cut = rows.map((row) => columns.map(({ at }) => row[at] ?? null))
    const wanted = numbered
      ? this.#missing(
          columns.map(({ name }) => name),
          cut,
        )
      : cut
    let [added, refused] = [0, 0]
    for (const row of wanted) {
      try {
        added += this.#insert(columns, row, now)
      } catch (error) {
        if (!isViolation(error)) throw error
        refused++
      }
    }
    return { added, refused, known: rows.length - added - refused }
  }

  #missing(names: readonly string[], rows: readonly (readonly SqlValue[])[]): (readonly SqlValue[])[] {
    const key = (naturalKeyOf(this.#table) ?? names).filter((name) => names.includes(name))
    const indexes = key.map((name) => names.indexOf(name))
    const times = key.map((name) => this.#columns.some((column) => column.isTime && column.name === name))
    const counts = new Map<string, number>()
    for (const row of this.#connection.all(`SELECT ${key.join(', ')} FROM ${this.#table}`)) {
      const own = identity(row, times, /\.000$/)
      counts.set(own, (counts.get(own) ?? 0) + 1)
    }
    // Earlier versions truncated milliseconds: a row that they imported equals the source without milliseconds.
    return [/\.000$/, /\.\d{3}$/].reduce<(readonly SqlValue[])[]>(
      (missing, cut) =>
        missing.filter((row) => {
          const own = identity(
            indexes.map((at) => row[at] ?? null),
            times,
            cut,
          )
          const left = counts.get(own) ?? 0
          if (left > 0) counts.set(own, left - 1)
          return left === 0
        }),
      [...rows],
    )
  }

  #insert(columns: readonly { readonly name: string }[], row: readonly SqlValue[], now: Now): number {
    const given = new Set(columns.map(({ name }) => name))
    const others = this.#columns.filter(({ name, isRowId }) => !given.has(name) && !isRowId)
    const names = [...columns, ...others].map(({ name }) => name)
    const sql = `INSERT INTO ${this.#table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
      ON CONFLICT DO NOTHING`
    return this.#connection.run(sql, [...row, ...others.map(({ defaultText }) => defaultOf(defaultText, now))])
  }
}

/** Whether a statement violated a constraint; its transaction continues. */
function isViolation(error: unknown): boolean {
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

/** @param times which values are times. @param cut the insignificant end of a time. */
function identity(row: readonly SqlValue[], times: readonly boolean[], cut: RegExp): string {
  const values = row.map((value, i) => {
    if (value instanceof Uint8Array) return [...value]
    return times[i] && typeof value === 'string' ? value.replace(cut, '') : value
  })
  return JSON.stringify(values)
}
