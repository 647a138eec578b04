import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BaseAgent, LearningEngine, openLearningStore } from 'learning-store'
import { afterAll } from 'vitest'
import { agentsContract } from './agents-contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
afterAll(() => rmSync(folder, { recursive: true }))

agentsContract('in a worker thread', {
  classes: { BaseAgent, LearningEngine },
  open: (name) => openLearningStore({ place: `file:${join(folder, `${name}.db`)}`, seed: 7, worker: true }),
})
