import type { Connection, SqlValue } from '../sql/connection.ts'
import { isIsoTime, isoTime, msOfTime } from '../times.ts'
import { fromMilliseconds, fromSqlTime, toSqlTime } from './sql-time.ts'

type Whole<T> = [T] extends [boolean]
  ? 'flag'
  : [T] extends [number]
    ? 'count' | 'lifetime' | 'number'
    : [T] extends [string]
      ? 'name' | 'text' | 'datetime' | 'epoch' | readonly T[]
      : [T] extends [readonly string[]]
        ? 'names'
        : 'json' | 'checkpoints'

/**
 * How a field is stored: `name`: a non-empty string; `text`: any string; a list: one of these strings; `count`: an integer of at
 * least 0; `number`: a finite number; `flag`: 1 or 0; `names`: a JSON list of names; `json`: plain data. A question mark allows
 * null. Times are ISO text in the record, and in the column `datetime` UTC text, `epoch` milliseconds since the epoch;
 * `checkpoints` a JSON list whose `at` is such milliseconds. A `lifetime` is milliseconds in the record, in a field whose name
 * ends in `Ms`, and seconds in the column, whose name does not; 0 means forever.
 */
export type Column<T> = null extends T
  ? `${Whole<Exclude<T, null>> & string}?` | (Whole<Exclude<T, null>> & 'json')
  : Whole<T>

/** The description of a table of records with an id. Columns have the names of fields, in snake case. */
export interface Shape<R, By extends keyof R = keyof R> {
  readonly table: string
  readonly columns: { readonly [F in keyof R]-?: Column<R[F]> }
  /** The fields by which lists can be filtered. */
  readonly filters: readonly (By & string)[]
  readonly order: string
  /** When a row is alive, where rows have a lifetime; the moment is bound, in ms since the epoch. */
  readonly alive?: string
}

/** The condition for rows that expire at `expires_at`. */
export const UNTIL_EXPIRY = 'expires_at IS NULL OR expires_at > ?'

/** A table whose records are read and written as a whole. */
export class RecordTable<R extends { readonly id: string | number }> {
  readonly #connection: Connection
  readonly #shape: Shape<R>
  readonly #kinds: readonly (readonly [field: keyof R & string, kind: string | readonly string[]])[]
  readonly #insert: string
  readonly #select: string
  readonly #update: string

  constructor(connection: Connection, shape: Shape<R>) {
    this.#connection = connection
    this.#shape = shape
    this.#kinds = Object.entries(shape.columns) as [keyof R & string, string | string[]][]
    const columns = this.#kinds.map(([field, kind]) => columnOf(field, kind))
    const { table, alive } = shape
    this.#insert = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
      ON CONFLICT DO NOTHING`
    this.#select = `SELECT ${columns.join(', ')} FROM ${table} WHERE ${alive === undefined ? 'TRUE' : `(${alive})`}`
    this.#update = `UPDATE ${table} SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`
  }

  /** Inserts a record; with the id null it gets a number. @returns the id; undefined, without a change, if a unique key exists. */
  insert(record: Omit<R, 'id'> & { readonly id: R['id'] | null }): R['id'] | undefined {
    if (this.#connection.run(this.#insert, this.#valuesOf(record)) === 0) return undefined
    return record.id ?? this.#connection.get<[number]>('SELECT last_insert_rowid()')?.[0]
  }

  /** @param now in ms since the epoch; records that expired before are invisible. */
  get(id: R['id'], now: number): R | undefined {
    const columns = this.#connection.get(`${this.#select} AND id = ?`, [...this.#moment(now), id])
    return columns && this.#toRecord(columns)
  }

  /** @param by values of fields to match, among the filters of the shape. */
  list(by: Partial<R>, limit: number, offset: number, now: number): R[] {
    const fields = this.#shape.filters.filter((field) => Object.hasOwn(by, field))
    const conditions = fields.map((field) => ` AND ${columnOf(field)} IS ?`).join('')
    const sql = `${this.#select}${conditions} ORDER BY ${this.#shape.order} LIMIT ? OFFSET ?`
    const values = fields.map((field) => bound(by[field] ?? null))
    return this.#connection.all(sql, [...this.#moment(now), ...values, limit, offset]).map((row) => this.#toRecord(row))
  }

  update(record: R): void {
    this.#connection.run(this.#update, [...this.#valuesOf(record), record.id])
  }

  remove(id: R['id']): void {
    this.#connection.run(`DELETE FROM ${this.#shape.table} WHERE id = ?`, [id])
  }

  /** Deletes expired records. @returns their number. */
  removeExpired(now: number): number {
    const { table, alive } = this.#shape
    return alive === undefined ? 0 : this.#connection.run(`DELETE FROM ${table} WHERE NOT (${alive})`, [now])
  }

  #moment(now: number): SqlValue[] {
    return this.#shape.alive === undefined ? [] : [now]
  }

  #valuesOf(record: Omit<R, 'id'>): SqlValue[] {
    return this.#kinds.map(([field, kind]) => toColumn((record as R)[field], kind))
  }

  #toRecord(columns: readonly SqlValue[]): R {
    const fields = this.#kinds.map(([field, kind], i): [string, unknown] => {
      return [field, fromColumn(columns[i] ?? null, kind)]
    })
    return Object.fromEntries(fields) as R
  }
}

function toColumn(value: unknown, kind: string | readonly string[]): SqlValue {
  if (value === null && kind !== 'json') return null
  switch (kind) {
    case 'json':
    case 'json?':
    case 'names':
      return JSON.stringify(value)
    case 'datetime':
    case 'datetime?':
      return toSqlTime(String(value))
    case 'epoch':
    case 'epoch?':
      return msOfTime(String(value))
    case 'lifetime':
      return Number(value) / 1000
    case 'checkpoints':
      return JSON.stringify(eachAt(value, (at) => (isIsoTime(at) ? msOfTime(at) : at)))
    default:
      return bound(value)
  }
}

function fromColumn(column: SqlValue, kind: string | readonly string[]): unknown {
  if (column === null && typeof kind === 'string' && kind.endsWith('?')) return null
  switch (kind) {
    case 'flag':
      return column === 1
    case 'json':
    case 'json?':
      return parsed(column)
    case 'names':
      // The column was added to existing rows.
      return column === null ? [] : parsed(column)
    case 'datetime':
    case 'datetime?':
      return fromSqlTime(column)
    case 'epoch':
    case 'epoch?':
      return fromMilliseconds(column)
    case 'lifetime':
      return Math.round(Number(column) * 1000)
    case 'checkpoints':
      return eachAt(parsed(column), (at) => (typeof at === 'number' ? isoTime(at) : at))
    default:
      return column
  }
}

/** Converts the times of checkpoints. Other programs can store anything, which stays as it is. */
function eachAt(checkpoints: unknown, convert: (at: unknown) => unknown): unknown {
  if (!Array.isArray(checkpoints)) return checkpoints
  return checkpoints.map((one: unknown) =>
    typeof one === 'object' && one !== null && 'at' in one ? { ...one, at: convert(one.at) } : one,
  )
}

function parsed(column: SqlValue): unknown {
  return typeof column === 'string' ? JSON.parse(column) : column
}

function bound(value: unknown): SqlValue {
  return typeof value === 'boolean' ? Number(value) : (value as SqlValue)
}

function columnOf(field: string, kind: string | readonly string[] = ''): string {
  return (kind === 'lifetime' ? field.replace(/Ms$/, '') : field).replace(
    /[A-Z]/g,
    (letter) => `_${letter.toLowerCase()}`,
  )
}
