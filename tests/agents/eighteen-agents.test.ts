import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type AsyncStore,
  BaseAgent,
  openLearningStore,
  QE_AGENT_TYPES,
  QE_AGENTS,
  type QeAgentType,
  type Task,
  type TaskRun,
} from '../../src/entry/node.ts'
import { REAL_TASKS } from './real-tasks.ts'

const TASKS = 30

/** An agent that performs a real task of its type, by the strategy that it learned. */
class RealAgent extends BaseAgent {
  readonly #qeType: QeAgentType

  constructor(type: QeAgentType, store: AsyncStore) {
    super({ type, id: `${type}-001`, learning: { store, updateFrequency: TASKS } })
    this.#qeType = type
  }

  get task(): Task {
    return { type: REAL_TASKS[this.#qeType].type, requiredCapabilities: [this.#qeType] }
  }

  protected override async performTask(task: Task, run: TaskRun): Promise<unknown> {
    const { right, wrong, work } = REAL_TASKS[this.#qeType]
    const { strategy } = await run.choose([wrong, right])
    const success = work(strategy, Number(task.id))
    return { success, quality: success ? 0.9 : 0 }
  }
}

/** Everything that an agent learned. */
async function knowledge(store: AsyncStore, agent: RealAgent): Promise<unknown> {
  const agentId = agent.id
  return Promise.all([
    store.experiences.list({ agentId }),
    store.values.list({ agentId }),
    store.learningHistory.list({ agentId }),
    store.learningMetrics.list({ agentId }),
    agent.learning.getPatterns(),
    agent.learning.getFailurePatterns(),
    agent.learning.recommendStrategy(agent.task),
    agent.learning.getQLearningStats(),
  ])
}

test('there are 18 types, each with a focus and a task', () => {
  expect(QE_AGENT_TYPES).toHaveLength(18)
  expect(new Set(QE_AGENT_TYPES).size).toBe(18)
  expect(Object.keys(QE_AGENTS)).toEqual([...QE_AGENT_TYPES])
  expect(new Set(Object.values(QE_AGENTS).map(({ focus }) => focus)).size).toBe(18)
  expect(QE_AGENTS['qe-flaky-test-hunter'].focus).toBe('Flakiness detection patterns, stabilization strategies')
  expect(Object.keys(REAL_TASKS)).toEqual([...QE_AGENT_TYPES])
})

describe('after a restart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
  const open = (): Promise<AsyncStore> => openLearningStore({ storage: `file:${join(folder, 'memory.db')}`, seed: 7 })
  const before = new Map<QeAgentType, unknown>()
  let store: AsyncStore

  beforeAll(async () => {
    const first = await open()
    for (const type of QE_AGENT_TYPES) {
      const agent = new RealAgent(type, first)
      // Tasks that throw reject; the agent learns from them, too.
      for (let i = 0; i < TASKS; i++) await agent.executeTask({ ...agent.task, id: `${i}` }).catch(() => {})
      before.set(type, await knowledge(first, agent))
      await agent.dispose()
    }
    await first.close()
    store = await open()
  })
  afterAll(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })

  test.each(QE_AGENT_TYPES)('%s finds its experiences, values, patterns and recommendations', async (type) => {
    const agent = new RealAgent(type, store)
    const { right, wrong, work, type: taskType } = REAL_TASKS[type]
    expect(await knowledge(store, agent)).toEqual(before.get(type))

    const experiences = await store.experiences.list({ agentId: agent.id })
    expect(experiences).toHaveLength(TASKS)
    // The reward of each experience is that of the real result.
    for (const { taskId, action, reward } of experiences) {
      const { strategy } = action as { strategy: string }
      let succeeds = false
      try {
        succeeds = work(strategy, Number(taskId))
      } catch {}
      expect([taskId, reward > 0]).toEqual([taskId, succeeds])
    }
    const values = await store.values.list({ agentId: agent.id })
    expect(values.map(({ visits }) => visits).reduce((sum, one) => sum + one)).toBe(TASKS)
    expect(await agent.learning.recommendStrategy(agent.task)).toMatchObject({ strategy: right.strategy })
    const [pattern] = await agent.learning.getPatterns()
    expect(pattern).toMatchObject({ patternType: `${taskType}-strategy`, patternData: right, successRate: 1 })
    const tried = experiences.filter(({ action }) => (action as { strategy: string }).strategy === wrong.strategy)
    const failures = await agent.learning.getFailurePatterns()
    expect(failures.map(({ pattern, frequency }) => [pattern, frequency > 0])).toEqual(
      tried.some(({ reward }) => reward < 0) ? [[`${taskType}:failure`, true]] : [],
    )
  })

  test('each agent has only its own', async () => {
    expect((await store.agents.list()).map(({ id }) => id)).toEqual(
      QE_AGENT_TYPES.map((type) => `${type}-001`).toSorted(),
    )
    expect(await store.experiences.count()).toBe(18 * TASKS)
    // What another agent does is new to it. A new task of its own type is like the most similar one; another type need not be.
    const [one, other] = [new RealAgent('qe-visual-tester', store), new RealAgent('qe-test-generator', store)]
    expect(await one.learning.recommendStrategy(other.task)).toMatchObject({ strategy: 'default' })
    const similar = { ...other.task, type: one.task.type }
    const { strategy, evidence } = await one.learning.recommendStrategy(similar)
    expect(strategy).toBe((await one.learning.recommendStrategy(one.task)).strategy)
    expect(evidence).toMatchObject({
      from: 'similar states',
      states: [{ state: { capabilities: 'qe-visual-tester' } }],
    })
  })
})
