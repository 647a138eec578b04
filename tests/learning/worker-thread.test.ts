import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { jobsContract } from '../transfer/jobs-contract.ts'
import { collectionContracts } from './collection-contracts.ts'
import { sharedThread } from './shared-thread.ts'
import { storeContract } from './store-contract.ts'

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
collectionContracts(name, open)
