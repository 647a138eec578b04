import type { Connection, SqlValue } from '../sql/connection.ts'

type Whole<T> = [T] extends [boolean]
  ? 'flag'
  : [T] extends [number]
    ? 'count' | 'lifetime' | 'number'
    : [T] extends [string]
      ? 'name' | 'text' | readonly T[]
      : [T] extends [readonly string[]]
        ? 'names'
        : 'json'

/**
 * How a field is kept: `name` a string that is not empty, `text` any string, a list: one of these strings, `count` an integer
 * of at least 0, `lifetime` seconds (0 stands for ever), `number` a finite one, `flag` 1 or 0, `names` a JSON list of names,
 * `json` plain data. With a question mark it may be null.
 */
export type Column<T> = null extends T
  ? `${Whole<Exclude<T, null>> & string}?` | (Whole<Exclude<T, null>> & 'json')
  : Whole<T>

/** A kind of record with an id of its own: all that its statements are made of. Columns are named as fields, in snake case. */
export interface Shape<R, By extends keyof R = keyof R> {
  readonly table: string
  readonly columns: { readonly [F in keyof R]-?: Column<R[F]> }
  /** The fields that a list can be narrowed by. */
  readonly filters: readonly (By & string)[]
  readonly order: string
  /** When a row is alive, where rows have a lifetime; the moment is bound, in ms since the epoch. */
  readonly alive?: string
}

/** What is alive by its `expires_at`. */
export const UNTIL_EXPIRY = 'expires_at IS NULL OR expires_at > ?'

/** A table of records that are written and read whole. */
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
    const columns = this.#kinds.map(([field]) => columnOf(field))
    const { table, alive } = shape
    this.#insert = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
      ON CONFLICT DO NOTHING`
    this.#select = `SELECT ${columns.join(', ')} FROM ${table} WHERE ${alive === undefined ? 'TRUE' : `(${alive})`}`
    this.#update = `UPDATE ${table} SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`
  }

  /** Answers its id: for null a new number. Undefined, and nothing is added, where it must be unique and is not. */
  insert(record: Omit<R, 'id'> & { readonly id: R['id'] | null }): R['id'] | undefined {
    if (this.#connection.run(this.#insert, this.#valuesOf(record)) === 0) return undefined
    return record.id ?? this.#connection.get<[number]>('SELECT last_insert_rowid()')?.[0]
  }

  /** @param now in ms since the epoch; what has expired by then is not there. */
  get(id: R['id'], now: number): R | undefined {
    const columns = this.#connection.get(`${this.#select} AND id = ?`, [...this.#moment(now), id])
    return columns && this.#toRecord(columns)
  }

  /** @param by what these fields must be; those of the shape's filters that are missing do not matter. */
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

  /** Answers how many there were. */
  removeExpired(now: number): number {
    const { table, alive } = this.#shape
    return alive === undefined ? 0 : this.#connection.run(`DELETE FROM ${table} WHERE NOT (${alive})`, [now])
  }

  #moment(now: number): SqlValue[] {
    return this.#shape.alive === undefined ? [] : [now]
  }

  #valuesOf(record: Omit<R, 'id'>): SqlValue[] {
    return this.#kinds.map(([field, kind]) => {
      const value: unknown = (record as R)[field]
      if (value === null && kind !== 'json') return null
      if (kind === 'json' || kind === 'json?' || kind === 'names') return JSON.stringify(value)
      return bound(value)
    })
  }

  #toRecord(columns: readonly SqlValue[]): R {
    const fields = this.#kinds.map(([field, kind], i): [string, unknown] => {
      const column = columns[i] ?? null
      if (kind === 'flag') return [field, column === 1]
      // Appended to a table that had rows before.
      if (kind === 'names' && column === null) return [field, []]
      const isJson = kind === 'json' || kind === 'json?' || kind === 'names'
      return [field, isJson && typeof column === 'string' ? JSON.parse(column) : column]
    })
    return Object.fromEntries(fields) as R
  }
}

function bound(value: unknown): SqlValue {
  return typeof value === 'boolean' ? Number(value) : (value as SqlValue)
}

function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
