import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  AdaptiveLearningEngine,
  type AsyncStore,
  LearningDatabase,
  type McpExecutionPattern,
  openLearningStore,
} from '../../src/entry/node.ts'

const DAY_MS = 24 * 60 * 60 * 1000

let folder: string
let now: number
let store: AsyncStore
let database: LearningDatabase

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
  now = 1_700_000_000_000
  store = await openLearningStore({ storage: `file:${join(folder, 'learning.db')}`, seed: 7, now: () => now })
  database = new LearningDatabase({ store })
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

const cache = async (): Promise<{ hits: number; misses: number }> => {
  const { hits, misses } = (await database.getDatabaseStatus()).cache
  return { hits, misses }
}

/** The thirteen faults found in the original by running it. */
describe('the faults of the MCP-Agent learning database', () => {
  test('1: filtering by pattern type returns the matching patterns', async () => {
    await database.storeExecutionPatterns([{ patternUsed: 'direct' }, { patternUsed: 'parallel' }])
    expect(await database.retrievePatterns({ patternType: 'parallel' })).toMatchObject([{ patternUsed: 'parallel' }])
    await expect(database.retrievePatterns({ pattern_type: 'parallel' } as object)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })

  test('2: the second recommendation for a context comes from the cache', async () => {
    const engine = new AdaptiveLearningEngine({ store })
    await engine.trackExecutionPattern({ taskType: 'review', patternUsed: 'direct' })
    const first = await engine.getRecommendations({ taskType: 'review' })
    expect(await cache()).toEqual({ hits: 0, misses: 1 })
    expect(await engine.getRecommendations({ taskType: 'review' })).toEqual(first)
    expect(await cache()).toEqual({ hits: 1, misses: 1 })
  })

  test('3: a write does not count as a cache hit', async () => {
    for (let i = 0; i < 10; i++) await database.storeExecutionPattern({ taskType: 'review' })
    await database.updatePatternWeights(1, 0.5)
    expect(await database.getDatabaseStatus()).toMatchObject({ cache: { hits: 0, misses: 0, hitRatio: 0 } })
  })

  test('4: 5,000 runs are averaged, instead of keeping the last one', async () => {
    const runs = Array.from({ length: 5_000 }, (_, i) => ({
      taskType: 'review',
      patternUsed: 'direct',
      executionTimeMs: 1000 * (i % 10),
      successRate: i % 4 === 0 ? 0 : 1,
    }))
    await Promise.all(runs.map((run) => store.executionPatterns.recordRun(run)))
    const [summed, ...others] = await database.retrievePatterns()
    expect(others).toEqual([])
    expect(summed).toMatchObject({
      usageCount: 5_000,
      executionTime: expect.closeTo(4.5, 6),
      successRate: expect.closeTo(0.75, 6),
    })
  })

  test('4: older runs weigh less: half after the half-life', async () => {
    const run = { taskType: 'review', patternUsed: 'direct', successRate: 1, executionTimeMs: 1000 }
    await store.executionPatterns.recordRun(run)
    now += 30 * DAY_MS
    const summed = await store.executionPatterns.recordRun({ ...run, successRate: 0, executionTimeMs: 4000 })
    // Weights 1/2 and 1: (1 * 1/2 + 4) / 1.5 = 3, (1 * 1/2 + 0) / 1.5 = 1/3.
    expect(summed).toMatchObject({ usageCount: 2, decayedCount: 1.5, executionTimeMs: 3000 })
    expect(summed.successRate).toBeCloseTo(1 / 3, 12)
    now += 10 * DAY_MS
    const other = await store.executionPatterns.recordRun(run, { halfLifeMs: 10 * DAY_MS })
    expect(other.decayedCount).toBeCloseTo(1.75, 12)
  })

  test('5: changes that a caller makes to a result do not affect other results', async () => {
    await database.storeExecutionPattern({ taskType: 'review', toolsUsed: ['git'], contextFactors: { a: { b: 1 } } })
    const first = await database.retrievePatterns({ taskType: 'review' })
    const before = structuredClone(first)
    const found = first[0] as McpExecutionPattern & { toolsUsed: string[]; contextFactors: { a: { b: number } } }
    // A result may be frozen, or a copy; the next result is the same.
    for (const change of [
      () => found.toolsUsed.push('x'),
      () => {
        found.contextFactors.a.b = 2
      },
      () => Object.assign(found, { taskType: 'other' }),
      () => first.pop(),
    ]) {
      try {
        change()
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError)
      }
    }
    expect(await database.retrievePatterns({ taskType: 'review' })).toEqual(before)
    expect(await cache()).toEqual({ hits: 1, misses: 1 })
  })

  test('6: an expired pattern is not returned, even if it was returned before', async () => {
    await database.storeExecutionPattern({ taskType: 'review' })
    const young = { taskType: 'review', maxAgeMs: 60_000 }
    for (let i = 0; i < 3; i++) expect(await database.retrievePatterns(young)).toHaveLength(1)
    now += 61_000
    expect(await database.retrievePatterns(young)).toEqual([])
    expect(await database.retrievePatterns({ taskType: 'review' })).toHaveLength(1)
    expect(await database.cleanupOldData(60)).toBe(1)
    expect(await database.retrievePatterns({ taskType: 'review' })).toEqual([])
  })

  test('7: text that looks like code is text', async () => {
    const text = '__import__("os").system("exit 1"); process.exit(1)'
    await database.storeExecutionPattern({ toolsUsed: [text], contextFactors: { [text]: text } })
    expect(await database.retrievePatterns()).toMatchObject([{ toolsUsed: [text], contextFactors: { [text]: text } }])
  })

  test('8: the tool "a,b" is returned as one tool', async () => {
    await database.storeExecutionPattern({ toolsUsed: ['a,b', '"c"', "d'"] })
    expect((await database.retrievePatterns())[0]?.toolsUsed).toEqual(['a,b', '"c"', "d'"])
  })

  test('9: weight 5 is rejected, and an unknown id returns false', async () => {
    await database.storeExecutionPattern({ confidenceScore: 0.5 })
    await expect(database.updatePatternWeights('1', 5)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'Expected confidence to be a number from 0 to 1, got 5',
    })
    expect(await database.updatePatternWeights('2', 0.7)).toBe(false)
    expect(await database.retrievePatterns()).toMatchObject([{ id: 1, confidenceScore: 0.5 }])
  })

  test('10: the status is returned while other calls are pending', async () => {
    const storing = Array.from({ length: 20 }, () => database.storeExecutionPattern({ taskType: 'review' }))
    const statuses = await Promise.all([database.getDatabaseStatus(), ...storing, database.getDatabaseStatus()])
    expect(statuses.at(-1)).toMatchObject({ healthy: true, patternCount: 20 })
  })

  test('11: recommendations do not repeat, and depend on the context', async () => {
    const engine = new AdaptiveLearningEngine({ store })
    for (let i = 0; i < 25; i++) {
      const patternUsed = `p${i % 15}`
      await engine.trackExecutionPattern({
        taskType: i % 2 ? 'review' : 'build',
        patternUsed,
        toolsUsed: [`t${i % 2}`],
      })
      await database.storeExecutionPattern({ taskType: 'review', patternUsed: 'p1', confidenceScore: 0.1 })
    }
    const [review, build, all] = await Promise.all([
      engine.getRecommendations({ taskType: 'review' }),
      engine.getRecommendations({ taskType: 'build' }),
      engine.getRecommendations({}),
    ])
    for (const list of [review, build, all]) {
      const names = list.map(({ patternUsed }) => patternUsed)
      expect(new Set(names).size).toBe(names.length)
      expect(list.map(({ score }) => score)).toEqual(list.map(({ score }) => score).sort((a, b) => b - a))
      for (const { reasons } of list) expect(reasons.length).toBeGreaterThan(0)
    }
    expect(all).toHaveLength(10)
    expect(review.map(({ patternUsed }) => patternUsed)).not.toEqual(build.map(({ patternUsed }) => patternUsed))
    expect(await engine.getRecommendations({ taskType: 'review', availableTools: ['t0'] })).toMatchObject([
      { patternUsed: 'p1', toolsUsed: [] },
    ])
  })

  test('12: latencies cover all operations, not only the last one', async () => {
    for (let i = 0; i < 100; i++) await database.storeExecutionPattern({ taskType: 'review' })
    const { latencies } = await database.getDatabaseStatus()
    expect(latencies.writes.count).toBe(100)
    const { p50Ms, p99Ms } = latencies.writes
    expect(p50Ms).toBeGreaterThan(0)
    expect(p99Ms).toBeGreaterThanOrEqual(p50Ms ?? Number.NaN)
  })

  test('13: a write for one task type leaves the results for others in the cache', async () => {
    await database.storeExecutionPatterns([{ taskType: 'review' }, { taskType: 'build' }])
    const ask = async (): Promise<number[]> => {
      const found = [{ taskType: 'review' }, { taskType: 'build' }, {}].map((filter) =>
        database.retrievePatterns(filter),
      )
      return (await Promise.all(found)).map(({ length }) => length)
    }
    expect(await ask()).toEqual([1, 1, 2])
    await database.storeExecutionPattern({ taskType: 'build' })
    expect(await ask()).toEqual([1, 2, 3])
    // Of six results the one for reviews came from the cache.
    expect(await cache()).toEqual({ hits: 1, misses: 5 })
    await database.updatePatternWeights(1, 0.9)
    expect((await database.retrievePatterns({ taskType: 'review' }))[0]?.confidenceScore).toBe(0.9)
    expect(await database.retrievePatterns({ taskType: 'build' })).toHaveLength(2)
    expect(await cache()).toEqual({ hits: 2, misses: 6 })
  })
})
