import { type AsyncStore, deleteLearningStore, openLearningStore } from 'learning-store'
import { policiesContract } from '../learning/agents/policies-contract.ts'
import { collectionContracts } from '../learning/collection-contracts.ts'
import { storeContract } from '../learning/store-contract.ts'
import { jobsContract } from '../transfer/jobs-contract.ts'

let stores = 0

const hosts = [
  ['local in a page', { worker: false }],
  ['in a dedicated worker', { worker: 'dedicated' }],
  ['in a SharedWorker, strict', { worker: 'shared', durability: 'strict' }],
] as const

// What a store answers does not depend on where in a browser it runs, so the whole is tested in one host. The others differ in how calls
// reach the store, which clients.test.ts and agents.test.ts test in each host, and in the policies and jobs of a page.
for (const [name, options] of hosts) {
  const open = async (): Promise<AsyncStore> => {
    // Few storages, and so few SharedWorkers: a page has room for about 120. Some tests have two stores open.
    const storage = `indexeddb:contract ${name} ${stores++ % 4}` as const
    await deleteLearningStore(storage)
    return openLearningStore({ storage, seed: 7, ...options })
  }
  policiesContract(name, open)
  jobsContract(name, open, open)
  if (options.worker !== 'shared') continue
  storeContract(name, open)
  collectionContracts(name, open)
}
