import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type ExecutionPatternFilterOptions,
  LearningDatabase,
  type McpExecutionPattern,
  type NewMcpExecutionPattern,
  openLearningStore,
} from '../../src/entry/node.ts'
import { migrations } from '../../src/sql/migrations.ts'

let folder: string
let path: string
let now: number
let database: LearningDatabase

const openDatabase = (): LearningDatabase =>
  new LearningDatabase({ openStore: () => openLearningStore({ storage: `file:${path}`, seed: 7, now: () => now }) })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
  path = join(folder, 'learning.db')
  now = 1_700_000_000_000
  database = openDatabase()
})
afterEach(async () => {
  await database.shutdown()
  rmSync(folder, { recursive: true })
})

const numbered = (count: number): NewMcpExecutionPattern[] =>
  Array.from({ length: count }, (_, i) => ({
    taskType: `type-${i % 10}`,
    patternUsed: ['direct', 'parallel', 'orchestrator'][i % 3] ?? '',
    executionTime: i / 100,
    successRate: (i % 7) / 7,
    confidenceScore: (i % 11) / 11,
    toolsUsed: [`tool-${i % 5}`],
  }))

/** The columns of the tables in MCP-Agent's learning database document. */
const PRINTED: { readonly [table: string]: readonly string[] } = {
  execution_patterns: [
    'id INTEGER',
    'task_type TEXT',
    'pattern_used TEXT',
    'execution_time REAL',
    'success_rate REAL',
    'confidence_score REAL',
    'agent_count INTEGER',
    'complexity_level TEXT',
    'tools_used TEXT',
    'context_factors TEXT',
    'created_at REAL',
    'updated_at REAL',
    'usage_count INTEGER',
  ],
  user_preferences: [
    'id INTEGER',
    'preference_type TEXT',
    'preference_value TEXT',
    'weight REAL',
    'usage_count INTEGER',
    'last_used REAL',
  ],
  performance_metrics: [
    'id INTEGER',
    'component_name TEXT',
    'metric_name TEXT',
    'metric_value REAL',
    'baseline_value REAL',
    'improvement_percentage REAL',
    'measured_at REAL',
  ],
}

/** The tests that MCP-Agent's learning database document names. */
describe('the learning database', () => {
  test('test_database_initialization', async () => {
    expect(await database.initialize()).toBe(true)
    expect(await database.initialize()).toBe(true)
    expect(await database.getDatabaseStatus()).toMatchObject({
      healthy: true,
      storage: `file:${path}`,
      schemaVersion: migrations.length,
      patternCount: 0,
      metricCount: 0,
    })
    await database.shutdown()
    const file = new Database(path, { readonly: true })
    for (const [table, columns] of Object.entries(PRINTED)) {
      const found = file
        .prepare(`SELECT name || ' ' || type AS column FROM pragma_table_info('${table}')`)
        .pluck()
        .all()
      // Additional columns come last.
      expect(found.slice(0, columns.length), table).toEqual(columns)
    }
    expect(file.pragma('integrity_check', { simple: true })).toBe('ok')
    file.close()
    await expect(database.initialize()).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(
      new LearningDatabase({ openStore: () => openLearningStore({ storage: 'file:' }) }).initialize(),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  // No test depends on timing: this one counts the writes, and the benchmark measures the time.
  test('test_pattern_storage_performance', async () => {
    await database.initialize()
    const store = await openLearningStore({ storage: 'memory:', seed: 7 })
    const inMemory = new LearningDatabase({ store })
    const before = (await store.status()).sequence
    await inMemory.storeExecutionPatterns(numbered(1_000))
    // One transaction for all patterns.
    expect((await store.status()).sequence).toBe(before + 1)
    expect((await store.status()).latencies.writes.count).toBe(1)
    await store.close()

    const logBytes = async (): Promise<number> => {
      await database.storeExecutionPattern({ taskType: 'review', executionTime: 1 })
      return statSync(path).size
    }
    const first = await logBytes()
    await database.storeExecutionPatterns(numbered(1_000))
    // The cost of one more pattern does not depend on their number: no snapshot is written for it.
    expect(await logBytes()).toBe(first)
    expect((await database.getDatabaseStatus()).patternCount).toBe(1_002)
  })

  test('test_pattern_retrieval_accuracy', async () => {
    const patterns = numbered(300)
    await database.storeExecutionPatterns(patterns)
    const all = await database.retrievePatterns({ limit: 1_000 })
    expect(all).toHaveLength(300)
    const share = fc.option(
      fc.integer({ min: 0, max: 11 }).map((n) => n / 11),
      { nil: undefined },
    )
    const filters = fc.record(
      {
        taskType: fc.constantFrom(...patterns.slice(0, 10).map(({ taskType = '' }) => taskType), 'unknown'),
        patternType: fc.constantFrom('direct', 'parallel', 'orchestrator', 'unknown'),
        minConfidence: share.map((n) => n ?? 0),
        minSuccessRate: share.map((n) => n ?? 0),
        limit: fc.integer({ min: 0, max: 400 }),
        offset: fc.integer({ min: 0, max: 50 }),
      },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(filters, async (filter) => {
        expect(await database.retrievePatterns(filter)).toEqual(byHand(all, filter))
      }),
      { numRuns: 200, seed: 7 },
    )
    // Pages neither overlap nor have gaps.
    const pages: McpExecutionPattern[] = []
    for (let offset = 0; offset < 300; offset += 37)
      pages.push(...(await database.retrievePatterns({ limit: 37, offset })))
    expect(pages).toEqual(all)
  })

  test('test_concurrent_operations', async () => {
    const storing = Array.from({ length: 20 }, (_, i) =>
      database.storeExecutionPatterns(numbered(10).map((one) => ({ ...one, taskType: `writer-${i}` }))),
    )
    const reading = Array.from({ length: 20 }, (_, i) => database.retrievePatterns({ taskType: `writer-${i}` }))
    await Promise.all(storing)
    for (const found of await Promise.all(reading)) expect([0, 10]).toContain(found.length)
    expect((await database.getDatabaseStatus()).patternCount).toBe(200)
    const queries = Array.from({ length: 10 }, (_, i) => database.retrievePatterns({ taskType: `writer-${i}` }))
    for (const [i, found] of (await Promise.all(queries)).entries()) {
      expect(new Set(found.map(({ taskType }) => taskType))).toEqual(new Set([`writer-${i}`]))
      expect(found).toHaveLength(10)
    }
  })

  test('test_database_cleanup', async () => {
    await database.storeExecutionPatterns(numbered(5))
    await database.storePerformanceMetrics({ componentName: 'c', metricName: 'old', metricValue: 1 })
    await database.storeUserPreference({ preferenceType: 'pattern', preferenceValue: 'direct' })
    now += 86_400_000
    await database.storeExecutionPattern({ taskType: 'young' })
    await database.storePerformanceMetrics({ componentName: 'c', metricName: 'young', metricValue: 1 })
    // Exactly one day old is not older than a day.
    expect(await database.cleanupOldData()).toBe(0)
    now += 1
    expect(await database.retrievePatterns({ limit: 10 })).toHaveLength(6)
    expect(await database.cleanupOldData()).toBe(6)
    expect(await database.retrievePatterns({ limit: 10 })).toMatchObject([{ taskType: 'young' }])
    expect(await database.getPerformanceHistory('c')).toMatchObject([{ metricName: 'young' }])
    // Preferences do not expire.
    expect(await database.getUserPreferences()).toHaveLength(1)
    await expect(database.cleanupOldData(-1)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    now += 1_000
    expect(await database.cleanupOldData(0)).toBe(2)
  })

  // The benchmark measures latencies; this test checks that the status reports every operation.
  test('test_performance_benchmarks', async () => {
    await database.storeExecutionPatterns(numbered(100))
    for (let i = 0; i < 50; i++) await database.retrievePatterns({ taskType: 'type-1' })
    const { latencies, cache, databaseBytes } = await database.getDatabaseStatus()
    expect(cache).toEqual({ hits: 49, misses: 1, hitRatio: 0.98 })
    expect(latencies.writes).toMatchObject({ count: 1 })
    // The operations above, and the two counts of the status itself.
    expect(latencies.reads.count).toBeGreaterThanOrEqual(50)
    for (const { p50Ms, p99Ms } of [latencies.reads, latencies.writes]) {
      expect(p50Ms).toBeGreaterThan(0)
      expect(p99Ms).toBeGreaterThanOrEqual(p50Ms ?? Number.NaN)
    }
    expect(latencies.slow.latest.length).toBe(Math.min(10, latencies.slow.count))
    await database.storeExecutionPatterns(numbered(10_000))
    const grown = (await database.getDatabaseStatus()).databaseBytes - databaseBytes
    // The document allows 5 MB for 10,000 patterns.
    expect(grown).toBeGreaterThan(500_000)
    expect(grown).toBeLessThan(5_000_000)
  })
})

/** The same in plain code. */
function byHand(all: readonly McpExecutionPattern[], filters: ExecutionPatternFilterOptions): McpExecutionPattern[] {
  const { taskType, patternType, minConfidence = 0, minSuccessRate = 0, limit = 100, offset = 0 } = filters
  return all
    .filter((one) => taskType === undefined || one.taskType === taskType)
    .filter((one) => patternType === undefined || one.patternUsed === patternType)
    .filter((one) => one.confidenceScore >= minConfidence && one.successRate >= minSuccessRate)
    .sort((a, b) => b.confidenceScore - a.confidenceScore || b.successRate - a.successRate || a.id - b.id)
    .slice(offset, offset + limit)
}
