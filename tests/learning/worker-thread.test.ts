import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLearningStore } from 'learning-store'
import { afterAll } from 'vitest'
import { jobsContract } from '../transfer/jobs-contract.ts'
import { evaluationContract } from './evaluation/evaluation-contract.ts'
import { experienceFiltersContract } from './experiences/experience-filters-contract.ts'
import { fleetContract } from './fleet/fleet-contract.ts'
import { inspectionContract } from './inspection/inspection-contract.ts'
import { memoryContract } from './memory/memory-contract.ts'
import { storeContract } from './store-contract.ts'
import { testPatternsContract } from './test-patterns/test-patterns-contract.ts'

const inThread = (seed: number) => () => openLearningStore({ storage: 'memory:', seed, worker: true })
jobsContract('in a worker thread', inThread(7), inThread(8))

const folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0

// Starting a thread takes longer than most tests. Each contract runs once: the medium differs in the storage, which has contracts of its
// own, and a policy chooses where the store is, whatever thread that is.
storeContract('in a worker thread, in a file, strict', () =>
  openLearningStore({ storage: `file:${join(folder, `${files++}.db`)}`, seed: 7, durability: 'strict', worker: true }),
)
testPatternsContract('in a worker thread', () => openLearningStore({ storage: 'memory:', seed: 7, worker: true }))
evaluationContract('in a worker thread', () => openLearningStore({ storage: 'memory:', seed: 7, worker: true }))
experienceFiltersContract('in a worker thread', () => openLearningStore({ storage: 'memory:', seed: 7, worker: true }))
inspectionContract('in a worker thread', () => openLearningStore({ storage: 'memory:', seed: 7, worker: true }))
for (const contract of [memoryContract, fleetContract]) {
  contract('in a worker thread', () => openLearningStore({ storage: 'memory:', seed: 7, worker: true }))
}
