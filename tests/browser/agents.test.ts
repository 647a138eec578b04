import {
  AdaptiveLearningEngine,
  type AsyncStore,
  BaseAgent,
  deleteLearningStore,
  LearningDatabase,
  LearningEngine,
  openLearningStore,
} from 'learning-store'
import { expect, test } from 'vitest'
import { agentsContract } from '../agents/agents-contract.ts'
import { mcpAgentContract } from '../agents/mcp-agent-contract.ts'
import { doingAgent, templateBased, unitTests } from '../agents/tasks.ts'

const session = crypto.randomUUID()

for (const worker of [false, 'dedicated', 'shared'] as const) {
  const open = (name: string): Promise<AsyncStore> =>
    openLearningStore({ storage: `indexeddb:${session}-${name}`, seed: 7, worker })
  const name = worker ? `in a ${worker} worker` : 'local in a page'
  agentsContract(name, { classes: { BaseAgent, LearningEngine }, open })
  mcpAgentContract(name, { classes: { AdaptiveLearningEngine, LearningDatabase }, open })
}

test('without a store, agents of a page share the default storage and what they learned', async () => {
  await deleteLearningStore('indexeddb:agentic-qe')
  for (let i = 1; i <= 2; i++) {
    const agent = doingAgent(BaseAgent, { type: 'qe-test-generator' })
    const engine = new LearningEngine(agent.id)
    await Promise.all([agent.initialize(), engine.initialize()])
    await agent.executeTask({ ...unitTests, does: () => templateBased })
    expect(await engine.getTotalExperiences()).toBe(i)
    await Promise.all([agent.dispose(), engine.dispose()])
  }
  const store = await openLearningStore({ storage: 'indexeddb:agentic-qe' })
  expect((await store.values.list({ agentId: 'qe-test-generator' }))[0]).toMatchObject({ visits: 2 })
  await store.close()
})
