import { deleteLearningStore, openLearningStore } from 'learning-store'
import { lossContract } from '../client/connection-loss-contract.ts'

const workers: Worker[] = []
let stores = 0

/** The real one, expectedStore, so that a test can end it. */
globalThis.Worker = class extends Worker {
  constructor(...args: ConstructorParameters<typeof Worker>) {
    super(...args)
    workers.push(this)
  }
}

lossContract('of a dedicated worker', {
  open: (options = {}) =>
    openLearningStore({ storage: `indexeddb:loss-${stores}`, seed: 7, worker: 'dedicated', ...options }),
  async reset() {
    await deleteLearningStore(`indexeddb:loss-${++stores}`)
  },
  async kill() {
    workers.at(-1)?.terminate()
  },
  started: () => workers.length,
})
