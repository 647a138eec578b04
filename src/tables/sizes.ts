import type { Collection } from '../collections.ts'
import type { Connection } from '../sql/connection.ts'
import { COLLECTION_OF } from './collections.ts'

/** How much of a store is of one collection. */
export interface CollectionSize {
  readonly rows: number
  /** About: the bytes of the database, shared out by the rows of each table and the mean size of the newest hundred. */
  readonly bytes: number
}

interface Measuring {
  readonly table: string
  readonly count: string
  readonly mean: string
}

const SAMPLE = 100

/** Measures tables. The texts of its statements are made of the names in our own schema. */
export class Sizes {
  readonly #connection: Connection
  #measuring: readonly Measuring[] | undefined

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Collections without rows are left out. */
  byCollection(databaseBytes: number): { readonly [F in Collection]?: CollectionSize } {
    this.#measuring ??= Object.keys(COLLECTION_OF).map((table) => this.#measuringOf(table))
    const found = new Map<Collection, CollectionSize>()
    for (const { table, count, mean } of this.#measuring) {
      const [rows = 0] = this.#connection.get<[number]>(count) ?? []
      if (rows === 0) continue
      const [bytes] = this.#connection.get<[number]>(mean) ?? [0]
      const collection = COLLECTION_OF[table] as Collection
      const before = found.get(collection) ?? { rows: 0, bytes: 0 }
      found.set(collection, { rows: before.rows + rows, bytes: before.bytes + rows * bytes })
    }
    const sum = [...found.values()].reduce((total, { bytes }) => total + bytes, 0)
    const shared = [...found].map(([collection, { rows, bytes }]): [Collection, CollectionSize] => [
      ...([collection, { rows, bytes: Math.round((bytes / sum) * databaseBytes) }] as const),
    ])
    return Object.fromEntries(shared)
  }

  #measuringOf(table: string): Measuring {
    const names = this.#connection.all<[string]>('SELECT name FROM pragma_table_info(?)', [table]).map(([name]) => name)
    const sizes = names.map((name) => `coalesce(octet_length(${name}), 1)`).join(' + ')
    return {
      table,
      count: `SELECT count(*) FROM ${table}`,
      mean: `SELECT avg(size) FROM (SELECT ${sizes} AS size FROM ${table} ORDER BY rowid DESC LIMIT ${SAMPLE})`,
    }
  }
}
