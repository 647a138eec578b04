import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { BaseAgent, LearningEngine, openLearningStore } from '../../src/index.ts'
import { agentsContract } from './agents-contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
afterAll(() => rmSync(folder, { recursive: true }))

for (const durability of ['relaxed', 'strict'] as const) {
  agentsContract(`local in a file, ${durability}`, {
    classes: { BaseAgent, LearningEngine },
    open: (name) => openLearningStore({ place: `file:${join(folder, `${name}.db`)}`, seed: 7, durability }),
  })
}
