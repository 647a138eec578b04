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
} from '../../src/entry/node.ts'
import { sharedThread } from '../learning/shared-thread.ts'
import { agentsContract } from './agents-contract.ts'
import { mcpAgentContract } from './mcp-agent-contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
const thread = sharedThread()
afterAll(async () => {
  await thread.terminate()
  rmSync(folder, { recursive: true })
})

const open = (name: string): Promise<AsyncStore> =>
  thread.open({ storage: `file:${join(folder, `${name}.db`)}`, seed: 7 })
agentsContract('in a worker thread', { classes: { BaseAgent, LearningEngine }, open })
mcpAgentContract('in a worker thread', { classes: { AdaptiveLearningEngine, LearningDatabase }, open })
