import type { LearningStore } from '../../src/learning/learning-store.ts'
import { nodeEngine } from '../../src/runtime/node/engine.ts'
import { Connection } from '../../src/sql/connection.ts'
import { migrate } from '../../src/sql/migrations.ts'
import { completeStore } from '../complete-store.ts'

const engine = await nodeEngine()

/** A store with a clock that stands still until it is set, in ms since the epoch. */
export interface ClockedStore {
  readonly store: LearningStore
  readonly connection: Connection
  readonly clock: { now: number }
}

export function clockedStore(): ClockedStore {
  const connection = new Connection(engine)
  migrate(connection)
  const clock = { now: Date.UTC(2026, 0, 1) }
  let ids = 0
  const store = completeStore(connection, { now: () => clock.now, newId: () => `id-${ids++}`, seed: 7 })
  return { store, connection, clock }
}
