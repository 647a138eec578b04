import type { Collection } from '../collections.ts'
import type { Connection } from '../sql/connection.ts'
import { COLLECTION_OF } from './tables.ts'

/** The size of a collection. */
export interface CollectionSize {
  readonly rows: number
  /** Estimated size in bytes: the size of the database, distributed by the number of rows and the mean size of the newest hundred. */
  readonly bytes: number
}

interface Measuring {
  readonly table: string
  readonly count: string
  readonly mean: string
}

const SAMPLE = 100

/** Measures collections. Its statements are built from names of our own schema. */
export class Sizes {
  readonly #connection: Connection
  #measuring: readonly Measuring[] | undefined

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Sizes by collection, without empty collections. */
  byCollection(databaseBytes: number): { readonly [F in Collection]?: CollectionSize } {
    this.#measuring ??= [...COLLECTION_OF.keys()].map((table) => this.#measuringOf(table))
    const found = new Map<Collection, CollectionSize>()
    for (const { table, count, mean } of this.#measuring) {
      const [rows = 0] = this.#connection.get<[number]>(count) ?? []
      if (rows === 0) continue
      const [bytes] = this.#connection.get<[number]>(mean) ?? [0]
      const collection = COLLECTION_OF.get(table) as Collection
      const before = found.get(collection) ?? { rows: 0, bytes: 0 }
      found.set(collection, { rows: before.rows + rows, bytes: before.bytes + rows * bytes })
    }
    const sum = [...found.values()].reduce((total, { bytes }) => total + bytes, 0)
    const shared = [...found].map(([collection, { rows, bytes }]): [Collection, CollectionSize] => [
      collection,
      { rows, bytes: Math.round((bytes / sum) * databaseBytes) },
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
