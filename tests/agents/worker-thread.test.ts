import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AdaptiveLearningEngine,
  type AsyncStore,
  BaseAgent,
  LearningDatabase,
  LearningEngine,
  openLearningStore,
} from 'learning-store'
import { afterAll } from 'vitest'
import { agentsContract } from './agents-contract.ts'
import { mcpAgentContract } from './mcp-agent-contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
afterAll(() => rmSync(folder, { recursive: true }))

const open = (name: string): Promise<AsyncStore> =>
  openLearningStore({ storage: `file:${join(folder, `${name}.db`)}`, seed: 7, worker: true })
agentsContract('in a worker thread', { classes: { BaseAgent, LearningEngine }, open })
mcpAgentContract('in a worker thread', { classes: { AdaptiveLearningEngine, LearningDatabase }, open })
