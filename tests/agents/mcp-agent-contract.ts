import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type {
  AdaptiveLearningEngine,
  AsyncStore,
  LearningDatabase,
  McpExecutionRun,
  McpPatternRecommendation,
  NewMcpExecutionPattern,
} from '../../src/entry/node.ts'

export interface McpAgentHarness {
  readonly classes: {
    readonly AdaptiveLearningEngine: typeof AdaptiveLearningEngine
    readonly LearningDatabase: typeof LearningDatabase
  }
  /** Opens or creates the store of this name, with seed 7. */
  open(name: string): Promise<AsyncStore>
}

let stores = 0
const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT' })

/** Two successful runs and a failed one, of 2, 4 and 6 s. */
export const runs: readonly McpExecutionRun[] = [
  { taskType: 'review', patternUsed: 'parallel', executionTime: 2, toolsUsed: ['git'] },
  { taskType: 'review', patternUsed: 'parallel', executionTime: 4, toolsUsed: ['git'] },
  { taskType: 'review', patternUsed: 'parallel', executionTime: 6, toolsUsed: ['git'], successRate: 0 },
]

/** The contract of the learning database and the adaptive learning engine, for every client. */
export function mcpAgentContract(name: string, { classes, open }: McpAgentHarness): void {
  describe(`MCP-Agent, ${name}`, () => {
    let store: AsyncStore
    let storage: string
    beforeEach(async () => {
      storage = `mcp-${stores++}`
      store = await open(storage)
    })
    afterEach(() => store.close())

    describe('a learning database', () => {
      let database: LearningDatabase
      beforeEach(() => {
        database = new classes.LearningDatabase({ store })
      })
      const pattern: NewMcpExecutionPattern = {
        taskType: 'review',
        patternUsed: 'direct',
        executionTime: 1.5,
        successRate: 0.9,
        confidenceScore: 0.8,
        agentCount: 2,
        complexityLevel: 'complex',
        toolsUsed: ['a,b', 'c'],
        contextFactors: { load: [1, { x: 2 }] },
        usageCount: 3,
      }

      test('returns what was stored, also after reopening', async () => {
        expect(await database.initialize()).toBe(true)
        expect(await database.storeExecutionPattern(pattern)).toBe(true)
        const found = await database.retrievePatterns({ taskType: 'review' })
        expect(found).toMatchObject([{ ...pattern, decayedCount: null }])
        await database.shutdown()
        await store.close()
        store = await open(storage)
        expect(await new classes.LearningDatabase({ store }).retrievePatterns({ taskType: 'review' })).toEqual(found)
      })

      test('sets the weight of a pattern by its id, as a number or in digits', async () => {
        await database.storeExecutionPatterns([pattern, { ...pattern, taskType: 'build' }])
        const id = (await database.retrievePatterns({ taskType: 'build' }))[0]?.id ?? 0
        expect(await database.updatePatternWeights(id, 0.25)).toBe(true)
        expect(await database.updatePatternWeights(String(id), 0.3)).toBe(true)
        expect(await database.updatePatternWeights(999, 0.3)).toBe(false)
        const all = await database.retrievePatterns()
        expect(all.map(({ confidenceScore }) => confidenceScore)).toEqual([0.8, 0.3])
        for (const weight of [5, -0.1, Number.NaN]) {
          await expect(database.updatePatternWeights(id, weight)).rejects.toEqual(invalid)
        }
        for (const bad of ['x', '', '1.5', 0, -1]) {
          await expect(database.updatePatternWeights(bad, 0.5)).rejects.toEqual(invalid)
        }
        expect(await database.retrievePatterns()).toEqual(all)
      })

      test('stores measurements with their improvement, which is positive for better values', async () => {
        const metric = { componentName: 'planner', metricName: 'latency', metricValue: 80, baselineValue: 100 }
        expect(await database.storePerformanceMetrics({ ...metric, better: 'lower', metadata: { p: 99 } })).toBe(true)
        await database.storePerformanceMetrics({ ...metric, metricName: 'accuracy', better: 'higher', sampleCount: 4 })
        await database.storePerformanceMetrics({ componentName: 'planner', metricName: 'runs', metricValue: 3 })
        await database.storePerformanceMetrics({ ...metric, componentName: 'other', better: 'lower' })
        expect(await database.getPerformanceHistory('planner')).toMatchObject([
          { metricName: 'runs', baselineValue: 0, improvementPercentage: 0, better: null },
          { metricName: 'accuracy', improvementPercentage: -20, sampleCount: 4, confidenceInterval: 0.95 },
          { metricName: 'latency', improvementPercentage: 20, better: 'lower', metadata: { p: 99 } },
        ])
        // The better direction cannot be inferred.
        await expect(database.storePerformanceMetrics(metric)).rejects.toEqual(invalid)
        expect(await store.metrics.list({ component: 'planner', metricName: 'latency' })).toHaveLength(1)
        expect(await store.metrics.count()).toBe(4)
      })

      test('stores each preference once, highest weight first', async () => {
        await database.storeUserPreference({ preferenceType: 'pattern', preferenceValue: 'direct', weight: 0.2 })
        await database.storeUserPreference({ preferenceType: 'pattern', preferenceValue: 'parallel', weight: 0.1 })
        await database.storeUserPreference({ preferenceType: 'language', preferenceValue: 'ts' })
        await database.storeUserPreference({ preferenceType: 'pattern', preferenceValue: 'parallel', weight: 0.9 })
        expect(await store.preferences.recordUse('pattern', 'parallel')).toBe(true)
        expect(await store.preferences.recordUse('pattern', 'unknown')).toBe(false)
        expect(await database.getUserPreferences({ preferenceType: 'pattern' })).toMatchObject([
          { preferenceValue: 'parallel', weight: 0.9, usageCount: 1 },
          { preferenceValue: 'direct', weight: 0.2, usageCount: 0 },
        ])
        expect(await store.preferences.delete('pattern', 'parallel')).toBe(true)
        expect(await store.preferences.delete('pattern', 'parallel')).toBe(false)
        const left = (await database.getUserPreferences()).map(({ preferenceValue }) => preferenceValue)
        expect(left).toEqual(['ts', 'direct'])
        const heavy = { preferenceType: 'pattern', preferenceValue: 'x', weight: 2 }
        await expect(database.storeUserPreference(heavy)).rejects.toEqual(invalid)
      })

      test('returns its status and latencies', async () => {
        await database.storeExecutionPattern(pattern)
        for (let i = 0; i < 3; i++) await database.retrievePatterns({ taskType: 'review' })
        const status = await database.getDatabaseStatus()
        expect(status).toMatchObject({
          healthy: true,
          patternCount: 1,
          metricCount: 0,
          reason: undefined,
          cache: { hits: 2, misses: 1, hitRatio: 2 / 3 },
          latencies: { writes: { count: 1, p50Ms: expect.any(Number), p99Ms: expect.any(Number) } },
        })
        expect(status.latencies.reads.count).toBeGreaterThanOrEqual(3)
        expect(status.latencies.reads.p99Ms).toBeGreaterThanOrEqual(status.latencies.reads.p50Ms ?? Number.NaN)
        expect(status.databaseBytes).toBeGreaterThan(100_000)
        expect(status.schemaVersion).toBeGreaterThanOrEqual(2)
      })

      test("throws CLOSED after shutdown, and leaves the caller's store open", async () => {
        await database.shutdown()
        await expect(database.retrievePatterns()).rejects.toMatchObject({ code: 'CLOSED' })
        expect(await store.executionPatterns.count()).toBe(0)
      })
    })

    describe('an adaptive learning engine', () => {
      let engine: AdaptiveLearningEngine
      let errors: unknown[]
      beforeEach(() => {
        errors = []
        engine = new classes.AdaptiveLearningEngine({ store, onError: (error) => errors.push(error) })
      })

      test('aggregates the runs of one task type, pattern and complexity', async () => {
        for (const run of runs) expect(await engine.trackExecutionPattern(run)).toBe(true)
        await engine.trackExecutionPattern({ ...runs[0], complexityLevel: 'complex' })
        const [simple, complex] = (await store.executionPatterns.list()).sort((a, b) => a.id - b.id)
        expect(simple).toMatchObject({
          taskType: 'review',
          patternUsed: 'parallel',
          complexityLevel: 'simple',
          usageCount: 3,
          executionTimeMs: expect.closeTo(4000, 3),
          successRate: expect.closeTo(2 / 3, 6),
          // Wilson's lower bound of 2 in 3, z = 1.959964: 0.207655.
          confidenceScore: expect.closeTo(0.207655, 5),
          decayedCount: expect.closeTo(3, 6),
          toolsUsed: ['git'],
        })
        expect(complex).toMatchObject({ complexityLevel: 'complex', usageCount: 1, executionTimeMs: 2000 })
      })

      test('recommends matching patterns, best first, each once, with reasons', async () => {
        for (const run of runs) await engine.trackExecutionPattern(run)
        for (let i = 0; i < 4; i++) {
          await engine.trackExecutionPattern({ taskType: 'review', patternUsed: 'direct', executionTime: 1 })
          await engine.trackExecutionPattern({ taskType: 'review', patternUsed: 'direct', complexityLevel: 'complex' })
          await engine.trackExecutionPattern({ taskType: 'build', patternUsed: 'orchestrator' })
        }
        const context = { taskType: 'review', complexityLevel: 'simple', currentPattern: 'direct' }
        const [direct, parallel, ...others] = await engine.getRecommendations(context)
        expect(others).toEqual([])
        expect(direct).toMatchObject({ patternUsed: 'direct', usageCount: 8, executionTime: 1, successRate: 1 })
        // Wilson's lower bound of 4 in 4: 4 / (4 + 1.959964^2) = 0.510109. A moment has passed since.
        expect(direct?.confidence).toBeCloseTo(0.510109, 4)
        expect(direct?.reasons.join()).toMatch(/100 % of the 4 runs.*same complexity.*in use now/)
        expect(parallel).toMatchObject({ patternUsed: 'parallel', usageCount: 3 })
        expect(direct?.patternIds).toHaveLength(2)

        const names = (all: readonly McpPatternRecommendation[]): string[] => all.map(({ patternUsed }) => patternUsed)
        expect(names(await engine.getRecommendations({ ...context, availableTools: ['npm'] }))).toEqual(['direct'])
        expect(names(await engine.getRecommendations({ taskDescription: 'Review this, then deploy.' }))).toEqual([
          'direct',
          'parallel',
        ])
        expect(names(await engine.getRecommendations({}))).toHaveLength(3)
        // JavaScript callers have no types.
        await expect(engine.getRecommendations(JSON.parse('null'))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
        expect(names(await engine.getRecommendations({ taskType: 'deploy' }))).toEqual([])
      })

      test("weighs the user's preferences, from the context or the store", async () => {
        for (const patternUsed of ['a', 'a', 'b']) await engine.trackExecutionPattern({ taskType: 't', patternUsed })
        const best = async (context: object): Promise<McpPatternRecommendation | undefined> =>
          (await engine.getRecommendations({ taskType: 't', ...context }))[0]
        expect(await best({})).toMatchObject({ patternUsed: 'a' })
        expect(await best({ userPreferences: { b: 1 } })).toMatchObject({ patternUsed: 'b' })
        await store.preferences.set({ preferenceType: 'pattern', preferenceValue: 'b', weight: 0.9 })
        const preferred = await best({})
        expect(preferred).toMatchObject({ patternUsed: 'b' })
        // Wilson's lower bound of 1 in 1: 1 / (1 + 1.959964^2) = 0.206543, times 0.5 + 0.5 * 0.9.
        expect(preferred?.score).toBeCloseTo(0.95 * 0.206543, 4)
        expect(preferred?.reasons.join()).toContain('preferred with weight 0.9')
      })

      test('calls its modules, and goes on if one throws', async () => {
        const calls: unknown[] = []
        const other: McpPatternRecommendation = {
          patternUsed: 'guess',
          score: 1,
          confidence: 1,
          successRate: 1,
          executionTime: 0,
          toolsUsed: [],
          usageCount: 0,
          reasons: ['because'],
          patternIds: [],
        }
        engine.registerLearningModule('good', {
          onPattern: (run, pattern) => calls.push([run.patternUsed, pattern?.usageCount]),
          recommend: async () => [other, { ...other, patternUsed: 'parallel', score: 0.01 }],
        })
        engine.registerLearningModule('bad', {
          onPattern: () => {
            throw new Error('bad module')
          },
          recommend: () => Promise.reject(new Error('bad module')),
        })
        for (const run of runs) expect(await engine.trackExecutionPattern(run)).toBe(true)
        expect(calls).toEqual([1, 2, 3].map((uses) => ['parallel', uses]))
        const found = await engine.getRecommendations({ taskType: 'review' })
        expect(found.map(({ patternUsed }) => patternUsed)).toEqual(['guess', 'parallel'])
        expect(found[1]?.score).toBeGreaterThan(0.01)
        expect(errors).toHaveLength(4)
        expect((await engine.getLearningStatus()).modules).toEqual(['bad', 'good'])
        expect(engine.unregisterLearningModule('bad')).toBe(true)
        expect(engine.unregisterLearningModule('bad')).toBe(false)
        await engine.getRecommendations({})
        expect(errors).toHaveLength(4)
      })

      test('returns its status, and deletes nothing recent', async () => {
        expect(await engine.getLearningStatus()).toMatchObject({ phase: 'initialization', failures: 0 })
        expect(await engine.initialize()).toBe(true)
        for (const run of runs) await engine.trackExecutionPattern(run)
        await engine.updatePerformanceMetrics({ componentName: 'c', metricName: 'm', metricValue: 1 })
        expect(await engine.getLearningStatus()).toMatchObject({
          phase: 'pattern_collection',
          failures: 0,
          lastFailure: undefined,
          metrics: { patternsLearned: 1, learningAccuracy: expect.closeTo(2 / 3, 6), adaptationSpeed: 1 },
        })
        for (let i = 0; i < 9; i++) await engine.trackExecutionPattern({ taskType: `t${i}`, patternUsed: 'direct' })
        expect(await engine.getLearningStatus()).toMatchObject({
          phase: 'application',
          metrics: { patternsLearned: 10 },
        })
        expect(await engine.optimizePerformance()).toBe(0)
        await engine.shutdown()
        await expect(engine.getLearningStatus()).rejects.toMatchObject({ code: 'CLOSED' })
      })

      test('finds everything in a reopened store', async () => {
        for (const run of runs) await engine.trackExecutionPattern(run)
        const before = await engine.getRecommendations({ taskType: 'review' })
        await store.close()
        store = await open(storage)
        const again = new classes.AdaptiveLearningEngine({ store })
        const [found] = await again.getRecommendations({ taskType: 'review' })
        expect(found).toMatchObject({ patternUsed: 'parallel', usageCount: 3, successRate: before[0]?.successRate })
        await again.trackExecutionPattern(runs[0] ?? {})
        expect(await store.executionPatterns.list()).toMatchObject([{ usageCount: 4 }])
      })

      test('rejects invalid arguments, and changes nothing', async () => {
        for (const run of [
          { successRate: 2 },
          { executionTime: -1 },
          { toolsUsed: [''] },
          { usageCount: 1 } as object,
        ]) {
          await expect(engine.trackExecutionPattern(run)).rejects.toEqual(invalid)
        }
        await expect(engine.getRecommendations({ userPreferences: { a: 2 } })).rejects.toEqual(invalid)
        await expect(engine.getRecommendations({ task: 'x' } as object)).rejects.toEqual(invalid)
        expect(() => engine.registerLearningModule('', {})).toThrow(invalid)
        expect(() => engine.registerLearningModule('m', { recommend: 1 } as object)).toThrow(invalid)
        expect(await store.executionPatterns.count()).toBe(0)
        expect(errors).toEqual([])
      })

      test('goes on while its store fails, and reports it', async () => {
        await store.close()
        const broken = new classes.AdaptiveLearningEngine({
          openStore: () => Promise.reject(new Error('no disk')),
          onError: (error) => errors.push(error),
        })
        const other = { patternUsed: 'guess', score: 1, confidence: 1, successRate: 1, executionTime: 0 } as const
        broken.registerLearningModule('m', {
          recommend: () => [{ ...other, toolsUsed: [], usageCount: 0, reasons: [], patternIds: [] }],
        })
        expect(await broken.initialize()).toBe(false)
        expect(await broken.trackExecutionPattern(runs[0] ?? {})).toBe(false)
        expect(await broken.getRecommendations({ taskType: 'review' })).toMatchObject([{ patternUsed: 'guess' }])
        expect(await broken.updatePerformanceMetrics({ componentName: 'c', metricName: 'm', metricValue: 1 })).toBe(
          false,
        )
        expect(await broken.optimizePerformance()).toBeUndefined()
        expect(await broken.getLearningStatus()).toMatchObject({
          metrics: undefined,
          failures: 6,
          lastFailure: 'no disk',
        })
        expect(errors).toHaveLength(6)
        await broken.shutdown()
        store = await open(storage)
      })
    })
  })
}
