import { type AsyncStore, deleteLearningStore, openLearningStore } from 'learning-store'
import { policiesContract } from '../learning/agents/policies-contract.ts'
import { evaluationContract } from '../learning/evaluation/evaluation-contract.ts'
import { experienceFiltersContract } from '../learning/experiences/experience-filters-contract.ts'
import { fleetContract } from '../learning/fleet/fleet-contract.ts'
import { inspectionContract } from '../learning/inspection/inspection-contract.ts'
import { memoryContract } from '../learning/memory/memory-contract.ts'
import { storeContract } from '../learning/store-contract.ts'
import { testPatternsContract } from '../learning/test-patterns/test-patterns-contract.ts'
import { jobsContract } from '../transfer/jobs-contract.ts'

let stores = 0

const hosts = [
  ['local in a page', { worker: false }],
  ['in a dedicated worker', { worker: 'dedicated' }],
  ['in a SharedWorker', { worker: 'shared' }],
] as const

for (const [name, options] of hosts) {
  const open = async (durability: 'relaxed' | 'strict'): Promise<AsyncStore> => {
    // Few storages, and so few SharedWorkers: a page has room for about 120. Some tests have two stores open.
    const storage = `indexeddb:contract ${name} ${stores++ % 4}` as const
    await deleteLearningStore(storage)
    return openLearningStore({ storage, seed: 7, durability, ...options })
  }
  // `strict` differs in the storage, which has contracts of its own, and not in the host.
  for (const durability of options.worker === 'shared' ? (['relaxed', 'strict'] as const) : (['relaxed'] as const)) {
    storeContract(`${name}, ${durability}`, () => open(durability))
  }
  evaluationContract(name, () => open('relaxed'))
  experienceFiltersContract(name, () => open('relaxed'))
  inspectionContract(name, () => open('relaxed'))
  policiesContract(name, () => open('relaxed'))
  memoryContract(name, () => open('relaxed'))
  fleetContract(name, () => open('relaxed'))
  testPatternsContract(name, () => open('relaxed'))
  jobsContract(
    name,
    () => open('relaxed'),
    () => open('relaxed'),
  )
}
