import { deleteLearningStore, openLearningStore } from 'learning-store'
import { vi } from 'vitest'
import { faceContract } from '../client/client-contract.ts'
import { watchingContract } from '../client/live-contract.ts'

let stores = 0

for (const worker of [false, 'dedicated', 'shared'] as const) {
  const name = worker ? `in a ${worker} worker` : 'local in a page'
  const bench = {
    batches: worker !== false,
    async open(options: { durability: 'relaxed' | 'strict' }) {
      const place = `indexeddb:faces-${stores++}`
      await deleteLearningStore(place)
      return openLearningStore({ place, seed: 7, worker, ...options })
    },
    reports: () => vi.spyOn(globalThis, 'reportError').mockImplementation(() => {}),
  }
  faceContract(name, bench)
  watchingContract(name, bench)
}
