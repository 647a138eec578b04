import type { Collection } from '../collections.ts'
import type { CollectionSize } from '../tables/sizes.ts'
import type { Latencies } from './latencies.ts'

/** Size, content and latencies of a store. */
export interface StoreContent {
  /** The number of the last commit. */
  readonly sequence: number
  /** The schema version of the database. */
  readonly schemaVersion: number
  /** Number of rows of the main collections. */
  readonly counts: { readonly agents: number; readonly experiences: number; readonly values: number }
  /** Size of the whole database, in bytes. */
  readonly databaseBytes: number
  /** Size of each collection that has rows. */
  readonly collections: { readonly [C in Collection]?: CollectionSize }
  /** Hits and misses of the cache of execution patterns. */
  readonly cache: { readonly hits: number; readonly misses: number }
  /** Latencies of operations since the store was opened. */
  readonly latencies: Latencies
}
