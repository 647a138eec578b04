import { deleteLearningStore, type ObservationOptions, openLearningStore } from 'learning-store'
import { vi } from 'vitest'
import { clientContract } from '../client/client-contract.ts'
import { watchingContract } from '../client/live-contract.ts'
import { operationsContract } from '../client/operations-contract.ts'

let stores = 0

for (const worker of [false, 'dedicated', 'shared'] as const) {
  const name = worker ? `in a ${worker} worker` : 'local in a page'
  const bench = {
    batches: worker !== false,
    async open(options: { durability: 'relaxed' | 'strict' } & ObservationOptions) {
      const storage = `indexeddb:clients-${stores++}` as const
      await deleteLearningStore(storage)
      return openLearningStore({ storage, seed: 7, worker, ...options })
    },
    reports: () => vi.spyOn(globalThis, 'reportError').mockImplementation(() => {}),
  }
  clientContract(name, bench)
  watchingContract(name, bench)
  operationsContract(name, bench)
}
