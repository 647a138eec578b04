import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openLearningStore } from '../../src/entry/node.ts'
import { fleetContract } from './fleet/fleet-contract.ts'
import { memoryContract } from './memory/memory-contract.ts'
import { memorySearchContract } from './memory/memory-search-contract.ts'
import { storeContract } from './store-contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0

storeContract('local in memory', () => openLearningStore({ storage: 'memory:', seed: 7 }))
storeContract('local in a file', () => openLearningStore({ storage: `file:${join(folder, `${files++}.db`)}`, seed: 7 }))
storeContract('local in a file, strict', () =>
  openLearningStore({ storage: `file:${join(folder, `${files++}.db`)}`, seed: 7, durability: 'strict' }),
)
memoryContract('local in memory', () => openLearningStore({ storage: 'memory:', seed: 7 }))
memorySearchContract('local in memory', () => openLearningStore({ storage: 'memory:', seed: 7 }))
fleetContract('local in memory', () => openLearningStore({ storage: 'memory:', seed: 7 }))
