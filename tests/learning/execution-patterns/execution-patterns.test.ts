import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type {
  ExecutionPatternFilterOptions,
  ExecutionPatterns,
} from '../../../src/learning/execution-patterns/execution-patterns.ts'
import type { LearningStore } from '../../../src/learning/learning-store.ts'
import { nodeEngine } from '../../../src/runtime/node/engine.ts'
import { Connection } from '../../../src/sql/connection.ts'
import { migrate } from '../../../src/sql/migrations.ts'
import { isoTime } from '../../../src/times.ts'
import { completeStore } from '../../complete-store.ts'

const engine = await nodeEngine()
const DAY_MS = 24 * 60 * 60 * 1000

let connection: Connection
let store: LearningStore
let patterns: ExecutionPatterns
let now: number
beforeEach(() => {
  now = 1_700_000_000_000
  connection = new Connection(engine)
  migrate(connection)
  store = completeStore(connection, { now: () => now, newId: () => 'id', seed: 7 })
  patterns = store.executionPatterns
})
afterEach(() => connection.close())

const taskType = fc.constantFrom('a', 'b', 'c')
const share = fc.integer({ min: 0, max: 4 }).map((n) => n / 4)
/** Few, so that each is asked again and again. */
const FILTERS: readonly ExecutionPatternFilterOptions[] = [
  {},
  { taskType: 'a' },
  { taskType: 'b', limit: 2 },
  { patternType: 'x' },
  { minConfidence: 0.5 },
  { offset: 1 },
]
const id = fc.integer({ min: 1, max: 8 })
type Operation = (patterns: ExecutionPatterns) => unknown
const pattern = fc.record({ taskType, patternUsed: fc.constantFrom('x', 'y'), confidenceScore: share })
const operation: fc.Arbitrary<Operation> = fc.oneof(
  pattern.map(
    (one): Operation =>
      (all) =>
        all.add(one),
  ),
  pattern.map(
    ({ confidenceScore: successRate, ...run }): Operation =>
      (all) =>
        all.recordRun({ ...run, successRate }),
  ),
  fc.tuple(id, share).map(
    ([row, weight]): Operation =>
      (all) =>
        all.setConfidence(row, weight),
  ),
  fc.integer({ min: 0, max: 3 }).map(
    (seconds): Operation =>
      (all) =>
        all.prune({ maxAgeMs: seconds * 1000 }),
  ),
  // A transaction that fails takes back what was written and asked in it.
  pattern.map(
    (one): Operation =>
      (all) => {
        const failing = (): unknown =>
          connection.transaction(() => [all.add(one), all.list({}), connection.run('FAIL', [])])
        expect(failing).toThrow()
      },
  ),
)

describe('execution patterns', () => {
  test('a result from the cache equals the result of the table, whatever happened before', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
        for (const perform of operations) {
          now += 1_000
          perform(patterns)
          for (const filter of FILTERS) {
            // What depends on the time is always asked of the table.
            const fresh = patterns.list({ ...filter, maxAgeMs: 1_000_000_000 })
            expect(patterns.list(filter)).toEqual(fresh)
          }
        }
        now += 1_000
        patterns.prune({ maxAgeMs: 0 })
      }),
      { numRuns: 100, seed: 7 },
    )
    expect(store.status().cache.hits).toBeGreaterThan(500)
  })

  test('recordRun gives the decayed means of a series of runs, computed by hand', () => {
    const run = fc.record({
      days: fc.integer({ min: 0, max: 100 }),
      successRate: share,
      executionTimeMs: fc.integer({ min: 0, max: 100 }),
    })
    let kinds = 0
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 20 }), (runs) => {
        const kind = { taskType: `kind-${kinds++}`, patternUsed: 'x' }
        const begin = now
        for (const { days, ...rest } of runs) {
          now += days * DAY_MS
          patterns.recordRun({ ...kind, ...rest })
        }
        const ages = runs.map((_, i) => runs.slice(i + 1).reduce((sum, { days }) => sum + days, 0))
        const weights = ages.map((age) => 0.5 ** (age / 30))
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        const mean = (of: (one: (typeof runs)[number]) => number): number =>
          runs.reduce((sum, one, i) => sum + of(one) * (weights[i] ?? 0), 0) / total
        expect(patterns.list({ taskType: kind.taskType })).toMatchObject([
          {
            usageCount: runs.length,
            decayedCount: expect.closeTo(total, 6),
            updatedAt: isoTime(now),
            executionTimeMs: expect.closeTo(
              mean(({ executionTimeMs }) => executionTimeMs),
              6,
            ),
            successRate: expect.closeTo(
              mean(({ successRate }) => successRate),
              6,
            ),
            createdAt: isoTime(begin + (runs[0]?.days ?? 0) * DAY_MS),
          },
        ])
      }),
      { numRuns: 100, seed: 7 },
    )
  })

  test('the confidence of a recommendation decays with the age of its runs', () => {
    for (let i = 0; i < 4; i++) patterns.recordRun({ taskType: 'a', patternUsed: 'x' })
    const [fresh] = patterns.recommend({ taskType: 'a' })
    now += 30 * DAY_MS
    expect(patterns.recommend({ taskType: 'a' })[0]?.score).toBeCloseTo((fresh?.score ?? 0) / 2, 12)
    expect(patterns.recommend({ taskType: 'a' }, { halfLifeMs: 15 * DAY_MS })[0]?.score).toBeCloseTo(
      (fresh?.score ?? 0) / 4,
      12,
    )
  })

  test('names of Object.prototype are ordinary names', () => {
    for (const patternUsed of ['constructor', '__proto__']) patterns.recordRun({ taskType: 'a', patternUsed })
    const scores = patterns.recommend({ userPreferences: { other: 1 } }).map(({ score }) => score)
    // Not preferred: half of Wilson's lower bound of 1 in 1.
    expect(scores).toEqual([expect.closeTo(0.5 * 0.206543, 5), expect.closeTo(0.5 * 0.206543, 5)])
  })

  test('are summarized', () => {
    expect(patterns.summary({ recentMs: 60_000 })).toEqual({
      patterns: 0,
      updated: 0,
      successRate: 0,
      lastUpdated: null,
    })
    for (const successRate of [1, 1, 0]) patterns.recordRun({ taskType: 'a', successRate })
    now += 61_000
    patterns.add({ taskType: 'b', successRate: 0.2 })
    const { successRate, ...counts } = patterns.summary({ recentMs: 60_000 })
    expect(counts).toEqual({ patterns: 2, updated: 1, lastUpdated: isoTime(now) })
    // Three runs, two of which succeeded, and one record of 0.2.
    expect(successRate).toBeCloseTo((3 * (2 / 3) + 0.2) / 4, 9)
  })
})
