import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AsyncStore, type Caller, openLearningStore } from '../../src/entry/node.ts'
import { OPERATIONS } from '../../src/protocol/calls.ts'

const ann: Caller = { agentId: 'ann' }
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
/** What times were before: UTC text, or a number of seconds or milliseconds since the epoch. */
const SQL = /^\d{4}-\d\d-\d\d \d\d:\d\d/
const isEpoch = (value: number): boolean => [value, value / 1000].some((s) => s > 1_500_000_000 && s < 2_500_000_000)
/** Names of times; a duration has `Ms` behind it. */
const TIME = /(At|[tT]imestamp|last[A-Z][a-z]+|first[A-Z][a-z]+|[a-z]Time|^time|^at|^ttl|[sS]econds|Days|Duration)$/

/** Where in a value a time is not as the API has times. */
function wrongTimes(value: unknown, path: string): string[] {
  const shown = `${path}: ${JSON.stringify(value)}`
  const name = path.split('.').at(-1) ?? ''
  if (TIME.test(name)) return value === null || (typeof value === 'string' && ISO.test(value)) ? [] : [shown]
  if (typeof value === 'string') return SQL.test(value) ? [shown] : []
  if (typeof value === 'number') return isEpoch(value) ? [shown] : []
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => wrongTimes(inner, `${path}.${key}`))
}

/** How many times there are in a value. */
function count(value: unknown): number {
  if (typeof value === 'string') return ISO.test(value) ? 1 : 0
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return 0
  return Object.values(value).reduce((sum: number, inner) => sum + count(inner), 0)
}

const state = { load: 'high' }
const signature = { name: 'loop', parameters: 1 }
const testPattern = { patternType: 'unit', framework: 'vitest', codeSignature: signature, testTemplate: 't' } as const

/** At least one record of every kind. */
async function fill(store: AsyncStore): Promise<void> {
  const agent = await store.agent('a', { type: 'router' })
  for (const [i, action] of ['queue', 'run', 'queue', 'run'].entries()) {
    await agent.learn({ id: `e${i}`, state, action, reward: i, terminated: true, behaviorProbability: 0.5 })
  }
  await agent.learnFromExecution({
    state,
    action: 'run',
    reward: 1,
    success: false,
    rootCause: 'x',
    executionTimeMs: 5,
  })
  await agent.decide(state, { actions: ['run'], id: 'd' })
  await store.experiences.add('a', { state, action: 'run', reward: 0, terminated: true })
  const use = {
    agentId: 'a',
    taskType: 'unit',
    strategy: { strategy: 's' },
    success: true,
    discovery: { rule: 'rate', minUses: 1 } as const,
  }
  await store.patterns.recordUse(use)
  await store.executionPatterns.recordRun({ taskType: 'unit', patternUsed: 'direct', executionTimeMs: 1500 })
  const record = { agentId: 'a', stateRepresentation: 's', action: 'run', reward: 1 }
  await store.learningHistory.add(record)
  await store.learningMetrics.add({ agentId: 'a', metricType: 'quality', metricValue: 1 })
  await store.preferences.set({ preferenceType: 'pattern', preferenceValue: 'direct' })
  await store.metrics.add({ componentName: 'c', metricName: 'm', metricValue: 1 })

  const { memory, fleet, testPatterns } = store
  await memory.as(ann).set({ key: 'k', value: 1, ttlMs: 60_000 })
  await memory.hints.create({ id: 1, key: 'k', value: 1, expiresAt: '2100-01-01T00:00:00.000Z' })
  await memory.patterns.create({ id: 'x', pattern: 'p', confidence: 1 })
  await memory.metrics.create({ id: 'x', metric: 'm', value: 1 })
  await memory.crossSession.set({ key: 'k', value: 1, ttlMs: 60_000 })
  await fleet.fleets.create({ id: 'x', name: 'f' })
  await fleet.agents.create({ id: 'x', fleetId: 'x', type: 't' })
  await fleet.registry.create({ id: 'x', type: 't' })
  await fleet.tasks.create({ id: 'x', fleetId: 'x', type: 't', name: 'n' })
  await fleet.tasks.update('x', { status: 'running' })
  await fleet.tasks.update('x', { status: 'completed' })
  await fleet.sessions.create({ id: 'x', mode: 'm' })
  await fleet.sessions.checkpoint('x', { step: 1 })
  await fleet.sessions.resume('x')
  await fleet.events.create({ id: 'x', type: 't', source: 's' })
  await fleet.artifacts.create({ id: 'x', kind: 'k', path: 'p', sha256: 's', ttlMs: 60_000 })
  await fleet.metrics.create({ id: 1, metricType: 't', metricName: 'n', metricValue: 1 })
  await fleet.workflows.create({ id: 'x', step: 's', ttlMs: 60_000 })
  await fleet.proposals.create({ id: 'x', decision: 'd', proposer: 'p', quorum: 1 })
  await fleet.goals.create({ id: 'x', conditions: {} })
  await fleet.actions.create({ id: 'x', preconditions: {}, effects: {} })
  await fleet.plans.create({ id: 'x', goalId: 'x', sequence: ['x'] })
  await fleet.cycles.create({ id: 'x' })
  await testPatterns.upsertMany([
    { ...testPattern, id: 'x' },
    { ...testPattern, id: 'y', codeSignature: { ...signature, parameters: 2 } },
  ])
  await testPatterns.recordUse({ patternId: 'x', projectId: 'p', success: true, executionTimeMs: 3 })
  await testPatterns.shareAcrossProjects('x', { targetFramework: 'jest' })
  await testPatterns.saveSimilarPairs('x', { minimum: 0 })
  await testPatterns.setEmbedding('x', { embedder: 'e', vector: [1] })
}

/** The arguments of operations that need some, by their names. Fleet records have the id `x`. */
const ARGUMENTS: { readonly [operation: string]: readonly unknown[] } = {
  'store.evaluatePolicy': [{ agentId: 'a' }, { estimator: 'dm' }],
  'agent.selectAction': [state],
  'agent.recommend': [state],
  'agents.get': ['a'],
  'agent.experiences.get': ['e0'],
  'agent.decisions.get': ['d'],
  'agent.values.get': [state],
  'agent.values.getMany': [[state]],
  'experiences.get': ['a', 'e0'],
  'decisions.get': ['a', 'd'],
  'values.get': ['a', state],
  'values.getMany': ['a', [state]],
  'values.list': [{ agentId: 'a' }],
  'values.listByState': ['a'],
  'executionPatterns.get': [1],
  'executionPatterns.recommend': [{ taskType: 'unit' }],
  'executionPatterns.summary': [{ recentMs: 60_000 }],
  'patterns.get': [2],
  'patterns.list': [{ minLowerBound: 0 }],
  'metrics.list': [{ component: 'c' }],
  'memory.as.get': [{ key: 'k' }],
  'memory.as.search': [{ text: 'k' }],
  'memory.as.getAccess': [{ key: 'k' }],
  'memory.hints.get': [1],
  'memory.crossSession.get': ['k'],
  'fleet.metrics.get': [1],
  'testPatterns.get': ['x'],
  'testPatterns.getBySignature': [signature, 'vitest'],
  'testPatterns.search': ['vitest'],
  'testPatterns.listUsage': ['x'],
  'testPatterns.getStatistics': ['x'],
  'testPatterns.findSimilar': ['x'],
  'testPatterns.getEmbedding': ['x', 'e'],
  'testPatterns.findNearest': [[1], { embedder: 'e' }],
}

/** Rows as the tables have them, what clients use within `evaluatePolicy` and `policy`, and what agents with a table of values cannot explain. */
const LEFT_OUT = [
  'store.tables',
  'store.rows',
  'store.query',
  'store.verify',
  'store.loggedSituations',
  'agent.explain',
  'values.linearModel',
]

/** Operations that read, with what they return. */
async function readings(store: AsyncStore): Promise<[operation: string, result: unknown][]> {
  const agent = await store.agent('a')
  const results: [string, unknown][] = []
  for (const [on, methods] of Object.entries(OPERATIONS)) {
    for (const [method, kind] of Object.entries(methods)) {
      const operation = `${on}.${method}`
      if (kind !== 'read' || LEFT_OUT.includes(operation)) continue
      const [root = '', ...path] = on.split('.')
      let target: unknown =
        root === 'agent' ? agent : root === 'store' || root === 'host' ? store : Reflect.get(store, root)
      for (const name of path) {
        target = name === 'as' ? store.memory.as(ann) : Reflect.get(target as object, name)
      }
      const ofRecord = method === 'get' && /^(fleet|memory)\./.test(on) ? ['x'] : []
      const run = Reflect.get(target as object, method) as (...args: readonly unknown[]) => Promise<unknown>
      results.push([operation, await run.apply(target, [...(ARGUMENTS[operation] ?? ofRecord)])])
    }
  }
  return results
}

describe('times', () => {
  let store: AsyncStore
  beforeEach(async () => {
    store = await openLearningStore({ storage: 'memory:', seed: 7 })
    await fill(store)
  })
  afterEach(() => store.close())

  test('are ISO 8601 in UTC or milliseconds, whatever is read', async () => {
    const all = await readings(store)
    expect(all.flatMap(([operation, result]) => wrongTimes(result, operation))).toEqual([])
    const silent = all.filter(([, result]) => result === undefined || (Array.isArray(result) && result.length === 0))
    expect(silent.map(([operation]) => operation)).toEqual([])
    expect(all.reduce((sum, [, result]) => sum + count(result), 0)).toBeGreaterThan(90)
  })

  test('are the same in commits and exports', async () => {
    const commits: unknown[] = []
    using _ = store.subscribe((commit) => commits.push(commit))
    await store.preferences.set({ preferenceType: 'a', preferenceValue: 'b' })
    await expect.poll(() => commits.length).toBeGreaterThan(0)
    expect(wrongTimes(commits, 'commits')).toEqual([])

    const exports = [
      { format: 'csv' },
      { format: 'csv', what: 'values' },
      { format: 'csv', what: 'patterns' },
      { format: 'json-lines' },
      { format: 'learning-model-state', agentId: 'a' },
    ] as const
    for (const options of exports) {
      const [file] = await store.exportFile(options)
      const text = new TextDecoder().decode(file?.bytes)
      expect(text).toMatch(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/)
      expect(text).not.toMatch(/\d{4}-\d\d-\d\d \d\d:\d\d/)
    }
  })
})
