import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { jobsContract } from '../transfer/jobs-contract.ts'
import { evaluationContract } from './evaluation/evaluation-contract.ts'
import { experienceFiltersContract } from './experiences/experience-filters-contract.ts'
import { fleetContract } from './fleet/fleet-contract.ts'
import { inspectionContract } from './inspection/inspection-contract.ts'
import { linearContract } from './linear/linear-contract.ts'
import { memoryContract } from './memory/memory-contract.ts'
import { sharedThread } from './shared-thread.ts'
import { storeContract } from './store-contract.ts'
import { testPatternsContract } from './test-patterns/test-patterns-contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
const thread = sharedThread()
afterAll(async () => {
  await thread.terminate()
  rmSync(folder, { recursive: true })
})

const name = 'in a worker thread'
const openWith = (seed: number) => () => thread.open({ storage: 'memory:', seed })
const open = openWith(7)
let files = 0

// Each contract runs once: the medium differs in the storage, which has contracts of its own, and a policy chooses where the store is,
// whatever thread that is.
storeContract(`${name}, in a file, strict`, () =>
  thread.open({ storage: `file:${join(folder, `${files++}.db`)}`, seed: 7, durability: 'strict' }),
)
jobsContract(name, open, openWith(8))
testPatternsContract(name, open)
evaluationContract(name, open)
experienceFiltersContract(name, open)
inspectionContract(name, open)
memoryContract(name, open)
fleetContract(name, open)
linearContract(name, open)
