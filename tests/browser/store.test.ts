import { deleteLearningStore, openLearningStore } from 'learning-store'
import { evaluationContract } from '../learning/evaluation-contract.ts'
import { storeContract } from '../learning/store-contract.ts'

let stores = 0

const hosts = [
  ['local in a page', { worker: false }],
  ['in a dedicated worker', { worker: 'dedicated' }],
  ['in a SharedWorker', { worker: 'shared' }],
] as const

for (const [name, options] of hosts) {
  for (const durability of ['relaxed', 'strict'] as const) {
    storeContract(`${name}, ${durability}`, async () => {
      const place = `indexeddb:contract-${stores++}`
      await deleteLearningStore(place)
      return openLearningStore({ place, seed: 7, durability, ...options })
    })
  }
  evaluationContract(name, async () => {
    const place = `indexeddb:contract-${stores++}`
    await deleteLearningStore(place)
    return openLearningStore({ place, seed: 7, ...options })
  })
}
