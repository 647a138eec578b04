import type { Collection } from '../collections.ts'
import { schemaVersion } from '../sql/migrations.ts'
import { DecisionCountsTable } from '../tables/decision-counts.ts'
import { LearnersTable } from '../tables/learners.ts'
import type { CollectionSize, Sizes } from '../tables/sizes.ts'
import type { Core } from './core/core.ts'
import type { Latencies } from './latencies.ts'

/** Size, content and latencies of a store. */
export interface StoreContent {
  /** The number of the last commit. */
  readonly sequence: number
  /** The schema version of the database. */
  readonly schemaVersion: number
  /** Number of rows of the main collections. */
  readonly counts: {
    readonly agents: number
    readonly experiences: number
    readonly decisions: number
    readonly values: number
  }
  /** Size of the whole database, in bytes. */
  readonly databaseBytes: number
  /** Size of each collection that has rows. */
  readonly collections: { readonly [C in Collection]?: CollectionSize }
  /** Hits and misses of the cache of execution patterns. */
  readonly cache: { readonly hits: number; readonly misses: number }
  /** Latencies of operations since the store was opened. */
  readonly latencies: Latencies
}

export function contentOf(core: Core, sizes: Sizes, cache: StoreContent['cache'], latencies: Latencies): StoreContent {
  core.writePending()
  const { connection, experiences, values } = core
  return {
    sequence: connection.sequence,
    schemaVersion: schemaVersion(connection),
    counts: {
      agents: new LearnersTable(connection).ids().length,
      experiences: experiences.count(),
      decisions: new DecisionCountsTable(connection).size(),
      values: values.count(),
    },
    databaseBytes: connection.size,
    collections: sizes.byCollection(connection.size),
    cache,
    latencies,
  }
}
