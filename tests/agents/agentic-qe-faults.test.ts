import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AsyncStore, BaseAgent, LearningEngine, openLearningStore, type TaskRun } from '../../src/entry/node.ts'
import { ACTION_KEY, doingAgent, STATE_KEY, templateBased, unitTests } from './tasks.ts'

let folder: string
let store: AsyncStore
const open = (): Promise<AsyncStore> => openLearningStore({ storage: `file:${join(folder, 'memory.db')}`, seed: 7 })

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
  store = await open()
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

/**
 * The faults that were found in the original, as far as they concern learning. Those of files (4), of test patterns (5), of
 * search (6, 7) and of the command line (9) belong to what they are faults of.
 */
describe('the faults of agentic-qe', () => {
  test('1: values are not updated under one key and stored under another', async () => {
    const engine = new LearningEngine('a', { store })
    for (let i = 0; i < 4; i++) {
      await engine.learnFromExecution({ ...unitTests, previousAttempts: i % 2 }, { ...templateBased, success: i < 3 })
    }
    const recommendation = await engine.recommendStrategy(unitTests)
    await store.close()
    const database = new Database(join(folder, 'memory.db'), { readonly: true })
    const values = database.prepare('SELECT state_key, action_key, q_value FROM q_values ORDER BY id').all()
    database.close()
    // Two successes under one key, a success and a failure under the other: rewards 0.972222 and -0.361111, learning rate 0.1.
    expect(values).toEqual([
      { state_key: STATE_KEY, action_key: ACTION_KEY, q_value: expect.closeTo(0.19 * 0.972222, 6) },
      {
        state_key: STATE_KEY.replace('attempts:0', 'attempts:1'),
        action_key: ACTION_KEY,
        q_value: expect.closeTo(0.09 * 0.972222 + 0.1 * -0.361111, 6),
      },
    ])
    store = await open()
    expect(await new LearningEngine('a', { store }).recommendStrategy(unitTests)).toEqual(recommendation)
    expect(recommendation.expectedImprovement).toBeCloseTo(0.19 * 0.972222, 6)
  })

  test('1: a reopened store finds every state and action', async () => {
    const name = fc
      .string({ minLength: 1, unit: 'grapheme' })
      .filter((text) => !text.includes('\0') && text.isWellFormed())
    const task = fc.record({
      type: fc.constant('t'),
      complexity: fc.double({ min: 0, max: 1, noNaN: true }),
      requiredCapabilities: fc.array(name, { maxLength: 3 }),
      previousAttempts: fc.nat(3),
    })
    const action = fc.record({ strategy: name, parallelization: fc.double({ min: 0, max: 1, noNaN: true }) })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(task, action), { minLength: 1, maxLength: 5 }), async (tasks) => {
        const engine = new LearningEngine('any', { store })
        for (const [one, result] of tasks) await engine.learnFromExecution(one, result)
        const recommendation = await Promise.all(tasks.map(([one]) => engine.recommendStrategy(one)))
        expect(recommendation.every(({ evidence }) => evidence.visits > 0)).toBe(true)
        await store.close()
        store = await open()
        const again = new LearningEngine('any', { store })
        expect(await Promise.all(tasks.map(([one]) => again.recommendStrategy(one)))).toEqual(recommendation)
      }),
      { numRuns: 15, seed: 5 },
    )
  })

  test('2: a new process finds what an agent learned, under its stable id', async () => {
    const first = doingAgent(BaseAgent, { type: 'qe-test-generator', learning: { store } })
    await first.executeTask({ ...unitTests, does: () => templateBased })
    const second = doingAgent(BaseAgent, { type: 'qe-test-generator', learning: { store } })
    expect([first.id, second.id]).toEqual(['qe-test-generator', 'qe-test-generator'])
    expect(await second.learning.recommendStrategy(unitTests)).toMatchObject({ strategy: 'template-based' })
    const named = doingAgent(BaseAgent, { type: 'qe-test-generator', id: 'qe-test-generator-002', learning: { store } })
    expect(await named.learning.recommendStrategy(unitTests)).toMatchObject({ strategy: 'default' })
  })

  test('3: an agent learns from a task that throws, as a failure', async () => {
    const agent = doingAgent(BaseAgent, { type: 'qe-chaos-engineer', learning: { store } })
    const does = (run: TaskRun): never => {
      run.use({ strategy: 'kill-everything' })
      throw new Error('nothing left')
    }
    await expect(agent.executeTask({ type: 'injection', does })).rejects.toThrow('nothing left')
    const [experience] = await store.experiences.list({ agentId: agent.id })
    expect(experience).toMatchObject({ action: { strategy: 'kill-everything' }, taskType: 'injection' })
    // multi-factor: -1 + 0.5 for no time - 0.2 for one error, over 3, times 2.
    expect(experience?.reward).toBeCloseTo(-0.4667, 2)
    expect((await agent.learning.recommendStrategy({ type: 'injection' })).confidence).toBeLessThan(0.5)
    expect(await agent.learning.getFailurePatterns()).toMatchObject([
      { pattern: 'injection:failure', frequency: 1, rootCause: 'nothing left' },
    ])
  })

  test('8: confidence falls after failures, and stays in [0, 1] beyond fifty successes', async () => {
    const engine = new LearningEngine('a', { store })
    const confidences: (number | undefined)[] = []
    const ranks: (number | undefined)[] = []
    for (let i = 0; i < 70; i++) {
      const { patterns } = await engine.learnFromExecution(unitTests, { ...templateBased, success: i < 60 })
      confidences.push(patterns[0]?.confidence)
      ranks.push(patterns[0]?.lowerBound)
    }
    // As documented from the fifth use on: 0.5 plus 0.01 for each success, at most 1.
    expect(confidences.slice(4, 7)).toEqual([0.55, 0.56, 0.57])
    expect(confidences.slice(48, 60)).toEqual([0.99, ...Array(11).fill(1)])
    // Times the success rate.
    expect(confidences.slice(60)).toEqual(Array.from({ length: 10 }, (_, i) => 60 / (61 + i)))
    expect(ranks.slice(59).every((rank, i, all) => i === 0 || (rank ?? 0) < (all[i - 1] ?? 0))).toBe(true)
  })

  test('10: a strategy becomes a pattern when its success rate is above 0.7 or the configured threshold', async () => {
    const discoveries = async (id: string, discovery?: object): Promise<(number | undefined)[]> => {
      const engine = new LearningEngine(id, { store, ...(discovery ? { discovery } : {}) })
      const found: (number | undefined)[] = []
      for (const success of [true, true, true, false, false, true, true, true, true]) {
        found.push((await engine.learnFromExecution(unitTests, { strategy: id, success })).discovered?.successRate)
      }
      return found
    }
    // 3 of 5, 4 of 6, 5 of 7 = 0.714.
    expect(await discoveries('default')).toEqual([...Array(6).fill(undefined), 5 / 7, undefined, undefined])
    expect(await discoveries('eager', { minSuccessRate: 0.5, minUses: 1 })).toEqual([1, ...Array(8).fill(undefined)])
    expect(await discoveries('strict', { minSuccessRate: 0.9 })).toEqual(Array(9).fill(undefined))
  })

  test('11: a file holds everything that twelve processes learn in it', async () => {
    await store.close()
    const env = { ...process.env, AQE_DB_PATH: join(folder, 'memory.db') }
    const script = join(import.meta.dirname, 'one-task.mjs')
    const names = Array.from({ length: 12 }, (_, i) => `task-${i}`)
    const outputs = await Promise.all(
      names.map(
        async (name) => (await promisify(execFile)(process.execPath, [script, 'shared', name], { env })).stdout,
      ),
    )
    expect(outputs).toEqual(names)
    store = await open()
    const stored = await store.experiences.list({ agentId: 'shared' })
    expect(stored.map(({ taskId }) => taskId).sort()).toEqual(names.toSorted())
    expect(await new LearningEngine('shared', { store }).getQLearningStats()).toMatchObject({
      tasks: 12,
      successes: 12,
    })
  })
})
