import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import {
  AdaptiveLearningEngine,
  type AsyncStore,
  BaseAgent,
  LearningDatabase,
  LearningEngine,
  openLearningStore,
} from '../../src/entry/node.ts'
import { agentsContract } from './agents-contract.ts'
import { mcpAgentContract } from './mcp-agent-contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
afterAll(() => rmSync(folder, { recursive: true }))

for (const durability of ['relaxed', 'strict'] as const) {
  const open = (name: string): Promise<AsyncStore> =>
    openLearningStore({ storage: `file:${join(folder, `${name}.db`)}`, seed: 7, durability })
  const name = `local in a file, ${durability}`
  agentsContract(name, { classes: { BaseAgent, LearningEngine }, open })
  mcpAgentContract(name, { classes: { AdaptiveLearningEngine, LearningDatabase }, open })
}
