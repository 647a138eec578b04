import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { wilsonLowerBound } from '../../../src/algorithms/intervals.ts'
import { patternConfidence } from '../../../src/algorithms/pattern-confidence.ts'
import type { Agent } from '../../../src/learning/agents/agent.ts'
import type { Execution } from '../../../src/learning/executions/execution.ts'
import type { LearningStore } from '../../../src/learning/learning-store.ts'
import type { Discovery } from '../../../src/learning/patterns/strategy-use.ts'
import { nodeEngine } from '../../../src/runtime/node/engine.ts'
import { Connection } from '../../../src/sql/connection.ts'
import { migrate } from '../../../src/sql/migrations.ts'
import { completeStore } from '../../complete-store.ts'

const engine = await nodeEngine()

let connection: Connection
let store: LearningStore
let agent: Agent
let commits = 0

beforeEach(() => {
  connection = new Connection(engine)
  migrate(connection)
  let ids = 0
  store = completeStore(connection, { now: () => 1_700_000_000_000, newId: () => `id-${ids++}`, seed: 7 })
  agent = store.agent('qe-test-generator-001', { type: 'qe-test-generator' })
  commits = 0
  connection.onCommit = () => commits++
})
afterEach(() => connection.close())

const task: Execution = {
  state: 's',
  action: { strategy: 'template-based', parallelization: 0.7 },
  nextState: 't',
  reward: 1.4,
  success: true,
  taskType: 'test-generation',
  executionTimeMs: 2500,
  quality: 0.9,
}
const learn = (...changes: Partial<Execution>[]): void => {
  for (const change of changes) agent.learnFromExecution({ ...task, ...change })
}
const tables = ['learning_experiences', 'q_values', 'pattern_usage', 'patterns', 'learning_history', 'learning_metrics']
const counts = (): (number | undefined)[] =>
  tables.map((table) => connection.get<[number]>(`SELECT count(*) FROM ${table}`)?.[0])

describe('learning from a task', () => {
  test('stores experience, value, use, history and metrics in one commit', () => {
    const { value, error, discovered, replayed } = agent.learnFromExecution(task)
    expect([commits, value, error, discovered, replayed]).toEqual([1, 0.1 * 1.4, 1.4, undefined, 0])
    expect(counts()).toEqual([1, 1, 1, 0, 1, 3])
    expect(store.learningHistory.list({ agentId: agent.id })).toMatchObject([
      {
        stateRepresentation: 's',
        action: 'strategy:template-based|parallelization:0.7',
        reward: 1.4,
        patternId: null,
        nextStateRepresentation: 't',
        qValue: 0.1 * 1.4,
        episode: 1,
        timestamp: '2023-11-14T22:13:20.000Z',
      },
    ])
    const metrics = store.learningMetrics.list({ agentId: agent.id })
    expect(metrics.map(({ metricType, metricValue }) => [metricType, metricValue])).toEqual([
      ['quality', 0.9],
      ['latency', 2500],
      ['success_rate', 1],
    ])
  })

  test('leaves nothing if it is rolled back', () => {
    connection.checkWritable = () => {
      throw new Error('full')
    }
    expect(() => learn({})).toThrow('full')
    connection.checkWritable = () => {}
    expect(counts()).toEqual([0, 0, 0, 0, 0, 0])
    expect(agent.status().experienceCount).toBe(0)
  })

  test('learns an id once, whatever the second call contains', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean()), { maxLength: 30 }), (tasks) => {
        const one = store.agent(`agent-${store.agents.list().length}`)
        const first = new Map<number, boolean>()
        for (const [id, success] of tasks) {
          const { learned } = one.learnFromExecution({ ...task, id: `${id}`, success })
          expect(learned).toBe(!first.has(id))
          if (learned) first.set(id, success)
        }
        const successes = [...first.values()].filter(Boolean).length
        expect(one.getStatistics()).toMatchObject({ experiences: first.size, tasks: first.size, successes })
        const uses = first.size - successes
        expect(store.patterns.listFailures({ agentId: one.id }).map(({ frequency }) => frequency)).toEqual(
          uses ? [uses] : [],
        )
      }),
      { numRuns: 50, seed: 3 },
    )
  })

  test('only counts the task if learnsValue is false', () => {
    learn({ learnsValue: false }, { learnsValue: false })
    expect(agent.getStatistics()).toMatchObject({ experiences: 2, values: 0, tasks: 2, explorationRate: 0.3 })
    expect(store.learningHistory.list()[0]).toMatchObject({ qValue: null, episode: 2 })
  })

  test('decays exploration once per task', () => {
    learn({}, {}, { success: false })
    expect(agent.status().currentExplorationRate).toBeCloseTo(0.3 * 0.995 ** 3, 14)
  })

  test('measures the improvement periodically, the last 20 rewards against the first 20', () => {
    for (let i = 0; i < 50; i++) learn({ reward: i < 20 ? 0.5 : 1, updateFrequency: 25 })
    const measured = store.learningMetrics.list({ agentId: agent.id, metricType: 'improvement' })
    // After 25 the last 20 are 15 of 0.5 and 5 of 1.
    expect(
      measured.map((one) => [one.baselineValue, one.metricValue, one.improvementPercentage, one.patternCount]),
    ).toEqual([
      [0.5, 1, 100, 1],
      [0.5, 0.625, 25, 1],
    ])
    expect(agent.getStatistics()).toMatchObject({ improved: true, improvementRate: 100 })
  })

  test('compares nothing below ten experiences', () => {
    for (let i = 0; i < 9; i++) learn({ reward: i })
    expect(agent.getStatistics()).toMatchObject({ improved: false, previousPerformance: 4, newPerformance: 4 })
    learn({ reward: 9 })
    expect(agent.getStatistics()).toMatchObject({ improved: false, previousPerformance: 4.5, newPerformance: 4.5 })
  })

  test.each<[string, object, string]>([
    ['a word for success', { success: 'yes' }, 'success to be true or false'],
    ['a quality above 1', { quality: 2 }, 'quality to be a number from 0 to 1'],
    ['a negative time', { executionTimeMs: -1 }, 'executionTimeMs'],
    ['an unknown field', { strategie: 1 }, 'got strategie'],
    ['the end of an episode, which it is anyway', { terminated: true }, 'got terminated'],
    ['a batch of none', { replay: { batchSize: 0 } }, 'batchSize to be an integer of at least 1'],
    ['a threshold above 1', { discovery: { minSuccessRate: 1.5 } }, 'minSuccessRate to be a number from 0 to 1'],
    ['a reward that is no number', { reward: Number.NaN }, 'reward to be a finite number'],
  ])('refuses %s and changes nothing', (_, wrong, message) => {
    expect(() => learn(wrong)).toThrow(message)
    expect(counts()).toEqual([0, 0, 0, 0, 0, 0])
  })
})

describe('a strategy, by the rule of agentic-qe', () => {
  const all = { minLowerBound: 0 }
  const discovered = (successes: readonly boolean[], discovery?: Discovery): (number | undefined)[] =>
    successes.map((success) => {
      const answer = agent.learnFromExecution({ ...task, success, discovery: { rule: 'rate', ...discovery } })
      return answer.discovered?.usageCount
    })

  test('becomes a pattern with its fifth use, when more than 0.7 of them succeeded', () => {
    expect(discovered([true, true, true, false, true, true])).toEqual([...Array(4).fill(undefined), 5, undefined])
    expect(store.patterns.list(all)).toMatchObject([
      {
        patternType: 'test-generation-strategy',
        patternData: task.action,
        agentId: agent.id,
        usageCount: 6,
        successCount: 5,
        successRate: 5 / 6,
        confidence: (0.55 * 5) / 6,
        lowerBound: wilsonLowerBound(5, 6),
      },
    ])
  })

  test('does not become one at 0.7 exactly', () => {
    // 7 of 10.
    const uses = [false, false, false, ...Array(7).fill(true), true]
    expect(discovered(uses)).toEqual([...Array(10).fill(undefined), 11])
  })

  test('becomes one at the threshold of the caller', () => {
    expect(discovered([true, false], { minUses: 2, minSuccessRate: 0.4 })).toEqual([undefined, 2])
  })

  test('that became a pattern stays one, and its confidence falls with each failure', () => {
    learn(...Array.from({ length: 5 }, () => ({ discovery: 'rate' as const })))
    const confidence = (): number | undefined => store.patterns.list({ ...all, agentId: agent.id })[0]?.confidence
    expect(confidence()).toBe(0.55)
    learn({ success: false })
    expect(confidence()).toBeCloseTo((0.55 * 5) / 6, 14)
    learn(...Array.from({ length: 9 }, () => ({ success: false })))
    expect(store.patterns.list({ ...all, agentId: agent.id })).toMatchObject([{ usageCount: 15, successRate: 5 / 15 }])
    expect(confidence()).toBeCloseTo((0.55 * 5) / 15, 14)
  })

  test('has all its uses under its id', () => {
    learn(...Array.from({ length: 6 }, () => ({ discovery: 'rate' as const })))
    const [pattern] = store.patterns.list(all)
    const uses = connection.all(
      'SELECT p.id, u.success, u.execution_time_ms FROM patterns AS p JOIN pattern_usage AS u ON u.pattern_id = p.id',
    )
    expect(uses).toEqual(Array.from({ length: 6 }, () => [pattern?.id, 1, 2500]))
    expect(store.learningHistory.list().map(({ patternId }) => patternId)).toEqual(['1', '1', null, null, null, null])
  })

  test('of another agent, another type of task or with other tools is another', () => {
    const discovery: Discovery = { rule: 'rate', minUses: 1 }
    learn({ discovery }, { discovery, taskType: 'other' }, { discovery, strategy: { tools: ['jest'] } })
    store.agent('b').learnFromExecution({ ...task, discovery })
    expect(store.patterns.list(all)).toHaveLength(4)
    expect(store.patterns.list({ ...all, agentId: agent.id, taskType: 'test-generation' })).toHaveLength(2)
  })

  test('is ranked by the lower bound of its success rate, not by the rate', () => {
    const discovery: Discovery = { rule: 'rate', minUses: 1 }
    learn({ discovery, action: 'once' })
    for (let i = 0; i < 40; i++) learn({ discovery, action: 'often', success: i % 20 !== 0 || i === 0 })
    const [best, second] = store.patterns.list({ ...all, agentId: agent.id })
    expect([best?.patternData, second?.patternData]).toEqual(['often', 'once'])
    expect(best?.successRate).toBeLessThan(1)
    expect(store.patterns.list({ ...all, minSuccessRate: 1 }).map(({ patternData }) => patternData)).toEqual(['once'])
  })

  test('updates the failure pattern of the task type, with the last details', () => {
    learn({ success: false, rootCause: 'timeout', mitigation: 'retry' }, { success: false, rootCause: 'out of memory' })
    expect(store.patterns.listFailures({ agentId: agent.id })).toMatchObject([
      {
        pattern: 'test-generation:failure',
        frequency: 2,
        confidence: 0.52,
        rootCause: 'out of memory',
        mitigation: 'retry',
      },
    ])
    expect(store.patterns.list(all)).toEqual([])
  })
})

test('the confidence of a pattern lies in [0, 1], rises with success and falls with failure', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(1000), (successes, failures) => {
      const confidence = patternConfidence(successes, failures)
      expect(confidence).toBeGreaterThanOrEqual(0)
      expect(confidence).toBeLessThanOrEqual(1)
      if (confidence < 1) expect(patternConfidence(successes + 1, failures)).toBeGreaterThan(confidence)
      if (confidence > 0) expect(patternConfidence(successes, failures + 1)).toBeLessThan(confidence)
    }),
  )
  // The document: 0.5, and 0.01 more for each success. 18 of them give 0.68.
  expect([0, 1, 18, 50, 51].map((successes) => patternConfidence(successes, 0))).toEqual([0.5, 0.51, 0.68, 1, 1])
})

describe('a replay', () => {
  test('updates values without counting visits, and draws the same with the same seed', () => {
    for (let i = 0; i < 20; i++) learn({ action: `a${i % 3}`, reward: i % 3, replay: false })
    const before = store.values.get(agent.id, 's')
    const first = agent.replay({ batchSize: 200 })
    const after = store.values.get(agent.id, 's')
    expect(first.replayed).toBe(200)
    expect(after.map(({ visits }) => visits)).toEqual(before.map(({ visits }) => visits))
    // 200 steps of 0.1 over three values: each is within 0.01 of the reward that never varies.
    expect(after.map(({ value }) => Math.round(value * 100) / 100)).toEqual([0, 1, 2])
    expect(agent.status()).toMatchObject({ experienceCount: 20 })
  })

  test('that is prioritized learns from the largest errors first', () => {
    for (let i = 0; i < 50; i++) learn({ action: 'known', reward: 1, replay: false })
    learn({ action: 'new', reward: 2, replay: false })
    const visited = (prioritized: boolean): number => {
      const twin = store.agent(`twin-${prioritized}`)
      for (let i = 0; i < 50; i++) twin.learnFromExecution({ ...task, action: 'known', reward: 1, replay: false })
      twin.learnFromExecution({ ...task, action: 'new', reward: 2, replay: false })
      twin.replay({ batchSize: 16, prioritized, alpha: 1, beta: 0 })
      return store.values.get(twin.id, 's').find(({ action }) => action === 'new')?.value ?? 0
    }
    // By chance it is drawn with 1/51 each time; by its error of 1.8 against 50 of 0.005, with 0.87.
    expect(visited(true)).toBeGreaterThan(1.2)
    expect(visited(false)).toBeLessThan(0.8)
  })

  test.each([false, true])('draws only from the newest, prioritized: %s', (prioritized) => {
    const rewards = [5, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    for (const [i, reward] of rewards.entries()) learn({ action: `a${i}`, reward, replay: false })
    agent.replay({ batchSize: 400, bufferSize: 4, prioritized, beta: 0 })
    const values = store.values.get(agent.id, 's').map(({ value }) => value)
    // Untouched, a tenth of the reward; replayed about a hundred times, the reward.
    expect(values.slice(0, 6)).toEqual([0.5, 0.1, 0.1, 0.1, 0.1, 0.1])
    expect(values.slice(6).every((value) => value > 0.99)).toBe(true)
  })

  test('draws uniformly', () => {
    const rewards = Array.from({ length: 8 }, (_, i) => i + 1)
    for (const reward of rewards) learn({ action: `a${reward}`, reward, replay: false })
    // So small a step that the way of a value tells how often it was taken.
    store.agent(agent.id, { learningRate: 1e-6 })
    const before = store.values.get(agent.id, 's').map(({ value }) => value)
    agent.replay({ batchSize: 8000 })
    const taken = store.values.get(agent.id, 's').map(({ value }, i) => {
      return (value - (before[i] ?? 0)) / (0.9 * (rewards[i] ?? 0) * 1e-6)
    })
    // 1000 each, standard deviation 30; five of them are allowed.
    for (const times of taken) expect(Math.abs(times - 1000)).toBeLessThan(150)
  })

  test('happens automatically after every updateFrequency experiences', () => {
    const replayed = Array.from({ length: 20 }, () => agent.learnFromExecution(task).replayed)
    expect(replayed).toEqual(Array.from({ length: 20 }, (_, i) => ((i + 1) % 10 === 0 ? 32 : 0)))
    // 20 tasks and 64 replays of the same: 1.4 * (1 - 0.9^84).
    expect(store.values.get(agent.id, 's')[0]).toMatchObject({ visits: 20 })
    expect(store.values.get(agent.id, 's')[0]?.value).toBeCloseTo(1.4 * (1 - 0.9 ** 84), 12)
  })

  test('of nothing is nothing', () => {
    expect([agent.replay(), agent.replay({ prioritized: true })]).toEqual(Array(2).fill({ replayed: 0, meanError: 0 }))
    expect(commits).toBe(0)
  })

  test.each(['q-learning', 'sarsa', 'expected-sarsa', 'double-q-learning'] as const)('learns by %s', (algorithm) => {
    const other = store.agent('other', { algorithm })
    other.learnMany([
      { state: 's', action: 'a', reward: 0, nextState: 't' },
      { state: 't', action: 'b', reward: 2, terminated: true },
    ])
    other.replay({ batchSize: 500 })
    const [value] = store.values.get('other', 's')
    // The discounted reward; both tables of Double Q-learning get there.
    expect(value?.value).toBeCloseTo(0.95 * 2, 3)
  })
})
