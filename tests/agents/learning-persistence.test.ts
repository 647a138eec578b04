import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { LearningEngine, openLearningStore, type TaskResult } from '../../src/entry/node.ts'
import { ACTION_KEY, STATE_KEY, templateBased, unitTests } from './tasks.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
  path = join(folder, 'memory.db')
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const AGENT = 'qe-test-generator-001'

/** Runs a session of an agent on the file, with a fixed seed. @returns the result of `work` */
async function session<T>(work: (engine: LearningEngine) => Promise<T>, type = 'qe-test-generator'): Promise<T> {
  const store = await openLearningStore({ storage: `file:${path}`, seed: 7 })
  const engine = new LearningEngine(AGENT, { store, type, reward: { formula: 'inline-v1' } })
  await engine.initialize()
  const answer = await work(engine)
  await engine.dispose()
  await store.close()
  return answer
}

/** The rows of the closed file, as another build of SQLite reads them. */
function rows(sql: string, ...values: unknown[]): unknown[] {
  const database = new Database(path, { readonly: true })
  try {
    return database.prepare(sql).raw().all(values)
  } finally {
    database.close()
  }
}

async function learn(engine: LearningEngine, ...results: readonly TaskResult[]): Promise<void> {
  for (const result of results) await engine.learnFromExecution(unitTests, result)
}

/** The seven tests that agentic-qe's persistence document lists, under its titles. */
describe('learning persistence', () => {
  test('Q-value persistence with explicit database', async () => {
    await session((engine) => learn(engine, templateBased, templateBased, templateBased))
    const values = rows(
      'SELECT state_key, action_key, round(q_value, 6), visits FROM q_values WHERE agent_id = ? ORDER BY q_value DESC LIMIT 10',
      AGENT,
    )
    // The reference: three rewards of 1.458333 at a rate of 0.1.
    expect(values).toEqual([[STATE_KEY, ACTION_KEY, 0.395208, 3]])
  })

  test('Auto-initialization without database parameter', async () => {
    vi.stubEnv('AQE_DB_PATH', path)
    expect(existsSync(path)).toBe(false)
    const engine = new LearningEngine(AGENT)
    await engine.learnFromExecution(unitTests, templateBased)
    await engine.dispose()
    expect(rows('SELECT agent_id, action_key, visits FROM q_values')).toEqual([[AGENT, ACTION_KEY, 1]])

    vi.stubEnv('AQE_DB_PATH', undefined)
    const before = process.cwd()
    process.chdir(folder)
    try {
      const other = new LearningEngine('other')
      await other.learnFromExecution(unitTests, templateBased)
      await other.dispose()
      path = join('.agentic-qe', 'memory.db')
      expect(rows('SELECT agent_id FROM learning_experiences')).toEqual([['other']])
    } finally {
      process.chdir(before)
    }
  })

  test('Q-value restoration across agent restarts', async () => {
    const bad = { strategy: 'random', success: false, executionTime: 9000 }
    const know = async (engine: LearningEngine): Promise<unknown> => [
      await engine.recommendStrategy(unitTests),
      await engine.getExplorationRate(),
      await engine.getQLearningStats(),
    ]
    const before = await session(async (engine) => {
      await learn(engine, templateBased, bad, templateBased)
      return know(engine)
    })
    expect(await session(know)).toEqual(before)
    expect(before).toMatchObject([
      { strategy: 'template-based', evidence: { visits: 2 }, alternatives: [{ strategy: 'random' }] },
      0.3 * 0.995 ** 3,
      { experiences: 3 },
    ])
    // The agent continues: the third reward gives the same value as three rewards in one session.
    await session((engine) => learn(engine, templateBased))
    expect(rows('SELECT round(q_value, 6), visits FROM q_values ORDER BY q_value DESC')).toEqual([
      [0.395208, 3],
      // inline-v1: -1 + 0.5 * (1 - 9/30) = -0.65, a tenth of it.
      [-0.065, 1],
    ])
  })

  test('Learning experience storage with feedback', async () => {
    await session(async (engine) => {
      const task = { ...unitTests, id: 'task-7' }
      await engine.learnFromExecution(task, templateBased)
      const feedback = { rating: 1, issues: ['slow'], suggestions: [], source: 'user' as const }
      const { reward } = await engine.learnFromExecution(task, templateBased, feedback)
      // 1.458333 + (1 - 0.5) * 2 - 0.2 is above the maximum reward.
      expect(reward).toBe(2)
      const poor = { rating: 0.25, issues: ['slow', 'wrong'], source: 'peer' as const }
      expect((await engine.learnFromExecution(task, templateBased, poor)).reward).toBeCloseTo(0.558333, 6)
    })
    const stored = rows(
      'SELECT task_id, task_type, state, action, round(reward, 6), next_state FROM learning_experiences ORDER BY id',
    )
    const state = (attempts: number): string => `{"attempts":${attempts},"capabilities":"unit-test","complexity":0.5}`
    const same = [state(0), '{"parallelization":0.7,"strategy":"template-based"}']
    expect(stored).toEqual([
      ['task-7', 'test-generation', ...same, 1.458333, state(1)],
      ['task-7', 'test-generation', ...same, 2, state(1)],
      ['task-7', 'test-generation', ...same, 0.558333, state(1)],
    ])
  })

  test('High-volume experience handling (10 experiences)', async () => {
    const times = Array.from({ length: 10 }, (_, i) => i * 3000)
    await session(async (engine) => {
      await Promise.all(
        times.map((executionTime) => engine.learnFromExecution(unitTests, { strategy: 's', executionTime })),
      )
      expect(await engine.getTotalExperiences()).toBe(10)
    })
    const rewards = rows('SELECT round(reward, 9) FROM learning_experiences ORDER BY id').flat()
    // inline-v1: 1 + 0.5 * (1 - ms / 30000).
    expect(rewards).toEqual(times.map((ms) => Number((1.5 - ms / 60_000).toFixed(9))))
    expect(rows('SELECT count(DISTINCT experience_id), count(DISTINCT state) FROM learning_experiences')).toEqual([
      [10, 1],
    ])
    // Ten visits: the replay after the tenth changes the value, but not the visits.
    const [value, visits] = rows('SELECT q_value, visits FROM q_values')[0] as [number, number]
    const without = times.reduce((q, ms) => q + 0.1 * (1.5 - ms / 60_000 - q), 0)
    expect(visits).toBe(10)
    expect(value).toBeGreaterThan(without + 0.2)
    expect(value).toBeLessThan(1.5)
  })

  test('Pattern discovery and persistence', async () => {
    const withTools = { ...templateBased, toolsUsed: ['jest'] }
    await session(async (engine) => {
      await learn(engine, withTools, withTools, withTools, withTools)
      expect(await engine.getPatterns()).toEqual([])
      const { discovered } = await engine.learnFromExecution(unitTests, withTools)
      expect(discovered).toMatchObject({ successRate: 1, confidence: 0.55 })
      await learn(engine, { ...withTools, success: false, errors: ['timeout'] })
      // Half of its uses succeed.
      for (let i = 0; i < 10; i++) await learn(engine, { strategy: 'coin', success: i % 2 === 0 })
    })
    const sql = `SELECT pattern_type, pattern_data, round(confidence, 6), round(success_rate, 6), usage_count, agent_id FROM patterns
      WHERE pattern_type NOT LIKE '%:failure'`
    const data = '{"parallelization":0.7,"strategy":"template-based","toolsUsed":["jest"]}'
    expect(rows(sql)).toEqual([['test-generation-strategy', data, 0.458333, 0.833333, 6, AGENT]])
    await session(async (engine) => {
      expect(await engine.getPatterns()).toMatchObject([
        { usageCount: 6, successCount: 5, patternData: JSON.parse(data) },
      ])
      expect(await engine.getFailurePatterns()).toMatchObject([
        { pattern: 'test-generation:failure', frequency: 6, confidence: 0.56, rootCause: 'timeout' },
      ])
      await learn(engine, withTools)
      expect(await engine.getPatterns()).toMatchObject([{ usageCount: 7, confidence: (0.56 * 6) / 7 }])
    })
  })

  test('Statistics accuracy from database', async () => {
    const stats = await session(async (engine) => {
      for (let i = 0; i < 45; i++) {
        const task = { ...unitTests, previousAttempts: i % 3 }
        const result = { strategy: i % 2 ? 'a' : 'b', success: i > 9 && i % 5 !== 0, executionTime: i * 100 }
        await engine.learnFromExecution(task, result)
      }
      return engine.getQLearningStats()
    })
    const count = (sql: string): unknown => (rows(sql)[0] as unknown[])[0]
    expect(stats).toMatchObject({
      experiences: count('SELECT count(*) FROM learning_experiences'),
      values: count('SELECT count(*) FROM q_values'),
      states: count('SELECT count(DISTINCT state_key) FROM q_values'),
      patterns: count("SELECT count(*) FROM patterns WHERE pattern_type NOT LIKE '%:failure'"),
      successes: count('SELECT sum(success) FROM pattern_usage'),
      tasks: count('SELECT count(*) FROM pattern_usage'),
    })
    expect([stats.experiences, stats.values, stats.states, stats.successes]).toEqual([45, 6, 3, 28])
    expect(stats.successRate).toBeCloseTo(28 / 45, 14)
    const rewards = rows('SELECT reward FROM learning_experiences ORDER BY id').flat() as number[]
    const mean = (numbers: number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length
    const [first, last] = [mean(rewards.slice(0, 20)), mean(rewards.slice(-20))]
    expect(stats.averageReward).toBeCloseTo(mean(rewards), 12)
    expect(stats.improved).toBe(true)
    expect(stats.previousPerformance).toBeCloseTo(first, 12)
    expect(stats.improvementRate).toBeCloseTo(((last - first) / Math.abs(first)) * 100, 9)
    const measured = rows(
      "SELECT improvement_percentage FROM learning_metrics WHERE metric_type = 'improvement' ORDER BY id",
    )
    expect(measured).toHaveLength(4)
    expect(rows('SELECT count(*) FROM learning_history')).toEqual([[45]])
  })
})
