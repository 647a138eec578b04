import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyOf } from '../../../src/algorithms/keys/keys.ts'
import { openLearningStore, type Pattern } from '../../../src/entry/node.ts'
import { toSqlTime } from '../../../src/tables/sql-time.ts'
import { readLearningModelState } from '../../../src/transfer/learning-model/read.ts'
import { type LearningModel, writeLearningModelState } from '../../../src/transfer/learning-model/write.ts'
import { plainValue } from '../../plain-value.ts'
import { asImportBatch, name, recordedExperiences, refusal, source, taken, utf8 } from '../sources.ts'

/** As agentic-qe 1.4.2 writes it: keys of tenths, the state of a task as it is, dates in ISO 8601. */
const theirs = {
  agentId: 'qe-test-generator-1762000000000-ab12',
  qTable: { '0.5,0.1,0,0.8,1': { 'default:0.5:exponential': 0.145833, 'parallel:0.7:none': -0.2 } },
  experiences: [
    {
      taskId: 'task-1',
      taskType: 'test-generation',
      state: {
        taskComplexity: 0.5,
        requiredCapabilities: ['unit-testing'],
        contextFeatures: {},
        previousAttempts: 0,
        availableResources: 0.8,
      },
      action: {
        strategy: 'default',
        toolsUsed: [],
        parallelization: 0.5,
        retryPolicy: 'exponential',
        resourceAllocation: 0.5,
      },
      reward: 1.4583333333333333,
      nextState: { taskComplexity: 0.5, previousAttempts: 1 },
      timestamp: '2025-11-03T10:15:22.123Z',
      agentId: 'qe-test-generator-1762000000000-ab12',
    },
  ],
  patterns: [
    {
      id: 'p',
      pattern: 'test-generation:default',
      confidence: 0.51,
      successRate: 0.5,
      usageCount: 4,
      contexts: ['test-generation'],
      createdAt: '2025-11-03T10:15:22.123Z',
      lastUsedAt: '2025-11-03T11:15:22.123Z',
    },
  ],
  config: {
    enabled: true,
    learningRate: 0.1,
    discountFactor: 0.95,
    explorationRate: 0.2985,
    explorationDecay: 0.995,
    minExplorationRate: 0.01,
    maxMemorySize: 104857600,
    batchSize: 32,
    updateFrequency: 10,
  },
  performance: { avgReward: 1.4583333333333333, successRate: 1, totalExperiences: 1200 },
  version: '1.4.2',
  lastUpdated: '2025-11-03T12:00:00.000Z',
  size: 812,
}
const read = (model: unknown): ReturnType<typeof readLearningModelState> =>
  readLearningModelState(utf8(JSON.stringify(model)))
const experience = theirs.experiences[0] as (typeof theirs.experiences)[0]

describe('reading a file of agentic-qe', () => {
  test('reads values under the states and actions of their keys', () => {
    const { values } = taken(read(theirs))
    expect(values).toEqual([
      {
        agentId: theirs.agentId,
        state: [0.5, 0.1, 0, 0.8, 1],
        action: 'default:0.5:exponential',
        value: 0.145833,
        visits: 1,
      },
      expect.objectContaining({ action: 'parallel:0.7:none', value: -0.2 }),
    ])
  })

  test("parses the keys of agentic-qe's persistence document", () => {
    const qTable = { 'complexity:0.5|capabilities:unit-test|attempts:0': { 'strategy:a|parallelization:0.7': 1.42 } }
    expect(taken(read({ ...theirs, qTable })).values).toMatchObject([
      {
        state: { complexity: 0.5, capabilities: 'unit-test', attempts: 0 },
        action: { strategy: 'a', parallelization: 0.7 },
      },
    ])
  })

  test('reads experiences with stable ids', () => {
    const [first, again] = [0, 1].map(() => taken(read(theirs)).experiences)
    expect(first).toEqual([
      {
        ...experience,
        id: expect.stringMatching(/^[0-9a-f-]{14}5/),
        timestamp: '2025-11-03 10:15:22.123',
        episodeId: null,
        terminated: false,
        truncated: false,
        behaviorProbability: null,
        actions: null,
        nextActions: null,
        metadata: null,
      },
    ])
    expect(again).toEqual(first)
  })

  test('gives equal experiences different ids, also in a later file with fewer of them', () => {
    const ids = (count: number): string[] =>
      taken(read({ ...theirs, experiences: Array.from({ length: count }, () => experience) })).experiences.map(
        ({ id }) => id,
      )
    expect(new Set(ids(3)).size).toBe(3)
    expect(ids(2)).toEqual(ids(3).slice(0, 2))
  })

  test('reads rates and patterns, and counts unknown fields', () => {
    const { agents, rows, skipped, notes } = taken(read(theirs))
    const { learningRate, discountFactor, explorationRate, explorationDecay, minExplorationRate } = theirs.config
    const configuration = { learningRate, discountFactor, explorationRate, explorationDecay, minExplorationRate }
    expect(agents).toEqual([{ id: theirs.agentId, configuration }])
    expect(rows).toEqual([
      {
        table: 'patterns',
        columns: [
          'agent_id',
          'pattern_type',
          'pattern_data',
          'confidence',
          'success_rate',
          'usage_count',
          'success_count',
          'last_used',
        ],
        rows: [
          [
            theirs.agentId,
            'test-generation-strategy',
            '{"strategy":"default"}',
            0.51,
            0.5,
            4,
            2,
            '2025-11-03 11:15:22.123',
          ],
        ],
      },
    ])
    expect(skipped.map(({ what }) => what)).toEqual([
      'patterns: id',
      'patterns: contexts',
      'patterns: createdAt',
      'config: enabled',
      'config: maxMemorySize',
      'config: batchSize',
      'config: updateFrequency',
    ])
    expect(notes).toEqual(['Written by version 1.4.2 on 2025-11-03T12:00:00.000Z; it holds 1 of 1200 experiences.'])
  })

  test('uses the number of experiences with the same keys as visits', () => {
    const one = { ...experience, state: 's', action: 'a' }
    const { values } = taken(read({ ...theirs, qTable: { s: { a: 1, b: 2 } }, experiences: [one, one, one] }))
    expect(values).toMatchObject([{ visits: 3 }, { visits: 1 }])
  })

  test('skips a table of zeros beside rewards', () => {
    const { values, skipped } = taken(read({ ...theirs, qTable: { s: { a: 0, b: 0 }, t: { a: 0 } } }))
    expect(values).toEqual([])
    expect(skipped).toContainEqual({
      what: 'qTable',
      count: 3,
      reason: 'all values are 0 although experiences have rewards',
    })
    expect(taken(read({ ...theirs, qTable: { s: { a: 0 } }, experiences: [] })).values).toHaveLength(1)
  })

  test('counts unknown statistics', () => {
    const { skipped } = taken(read({ agentId: 'a', qTable: {}, performance: { period: {}, trends: [] }, mood: 1 }))
    expect(skipped.map(({ what }) => what)).toEqual(['performance: period', 'performance: trends', 'mood'])
  })

  test('requires only an agent and a table', () => {
    expect(taken(read({ agentId: 'a', qTable: {} }))).toMatchObject({ experiences: [], values: [], rows: [] })
  })

  test.each([
    ['test:failure', 'test:failure', '{}'],
    ['a:b:c', 'a-strategy', '{"strategy":"b:c"}'],
    ['bare', 'strategy', '{"strategy":"bare"}'],
    [':x', 'strategy', '{"strategy":":x"}'],
  ])('reads the pattern %s as %s', (pattern, type, json) => {
    const { rows } = taken(read({ ...theirs, patterns: [{ ...theirs.patterns[0], pattern }] }))
    expect(rows[0]?.rows[0]?.slice(1, 3)).toEqual([type, json])
  })
})

describe('refuses with the path', () => {
  const withExperience = (change: object): object => ({
    ...theirs,
    experiences: [experience, { ...experience, ...change }],
  })
  const withPattern = (change: object): object => ({ ...theirs, patterns: [{ ...theirs.patterns[0], ...change }] })
  const wrong: [unknown, string][] = [
    [[], 'the file to be an object, got a list'],
    [{ ...theirs, agentId: '' }, 'agentId to be a non-empty string, got ""'],
    [{ ...theirs, qTable: undefined }, 'qTable to be an object, got undefined'],
    [{ ...theirs, qTable: { s: [1] } }, 'qTable["s"] to be an object, got a list'],
    [{ ...theirs, qTable: { s: { a: '1' } } }, 'qTable["s"]["a"] to be a finite number, got "1"'],
    [
      { ...theirs, qTable: { 'a:b:c': { x: 1 }, 'a\\:b\\:c': { x: 2 } } },
      'qTable["a\\\\:b\\\\:c"]["x"] to name an action once',
    ],
    [{ ...theirs, qTable: { s: { '\ud800': 1 } } }, 'qTable["s"]["\\ud800"], a name, to hold strings of well-formed'],
    [{ ...theirs, experiences: {} }, 'experiences to be a list'],
    [{ ...theirs, experiences: [null] }, 'experiences[0] to be an object, got null'],
    [withExperience({ reward: null }), 'experiences[1].reward to be a finite number, got null'],
    [withExperience({ taskType: 1 }), 'experiences[1].taskType to be a non-empty string, got 1'],
    [withExperience({ nextState: undefined }), 'experiences[1].nextState to hold plain data'],
    [withExperience({ done: 'yes' }), 'experiences[1].done to be true or false'],
    [withExperience({ timestamp: 'yesterday' }), 'experiences[1].timestamp to be a time such as'],
    [withExperience({ timestamp: '9999-12-31T23:59:59-01:00' }), 'experiences[1].timestamp to be a time such as'],
    [withExperience({ agentId: 'other' }), `experiences[1].agentId to be "${theirs.agentId}", got "other"`],
    [{ ...theirs, patterns: [1] }, 'patterns[0] to be an object, got 1'],
    [withPattern({ confidence: 2 }), 'patterns[0].confidence to be a number from 0 to 1, got 2'],
    [withPattern({ usageCount: 1.5 }), 'patterns[0].usageCount to be an integer of at least 0, got 1.5'],
    [withPattern({ contexts: [1] }), 'patterns[0].contexts to be a non-empty string'],
    [{ ...theirs, config: { learningRate: 0 } }, 'config.learningRate to be a number above 0'],
    [{ ...theirs, config: [] }, 'config to be an object'],
    [{ ...theirs, performance: { successRate: 2 } }, 'performance.successRate to be a number from 0 to 1'],
    [{ ...theirs, version: 1 }, 'version to be a non-empty string'],
    [{ ...theirs, lastUpdated: 0 }, 'lastUpdated to be a time'],
    [{ ...theirs, size: -1 }, 'size to be an integer'],
    [{ ...theirs, visits: { '0.5,0.1,0,0.8,1': { 'parallel:0.7:none': -1 } } }, 'visits of an action to be an integer'],
  ]
  test.each(wrong.map(([model, message]): [string, unknown] => [message, model]))(
    'where it expects %s',
    (message, model) => {
      expect(refusal(read(model))).toContain(`INVALID_ARGUMENT: Expected ${message}`)
    },
  )

  test('text that is not JSON or not UTF-8 is NOT_A_STORE', () => {
    expect(refusal(readLearningModelState(utf8('{"agentId":')))).toContain('NOT_A_STORE: Expected a file of JSON')
    expect(refusal(readLearningModelState(utf8('')))).toContain('NOT_A_STORE')
    expect(refusal(readLearningModelState(new Uint8Array([0xc3, 0x28])))).toContain(
      'NOT_A_STORE: Expected text in UTF-8',
    )
  })

  test('numbers beyond the range, and unlimited depth', () => {
    const huge = JSON.stringify(theirs).replace('0.145833', '1e400')
    expect(refusal(readLearningModelState(utf8(huge)))).toContain('to be a finite number, got Infinity')
    const deep = JSON.stringify(theirs).replace('"default"', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`)
    expect(refusal(readLearningModelState(utf8(deep)))).toMatch(/experiences\[0\]\.action to hold|NOT_A_STORE/)
  })
})

test('names of inherited properties are ordinary names', () => {
  const text = `{"agentId":"a","__proto__":{"qTable":1},"qTable":{"__proto__":{"constructor":1,"__proto__":2},"toString":{"valueOf":3}}}`
  const { values, skipped } = taken(readLearningModelState(utf8(text)))
  expect(values.map(({ state, action, value }) => [state, action, value])).toEqual([
    ['__proto__', 'constructor', 1],
    ['__proto__', '__proto__', 2],
    ['toString', 'valueOf', 3],
  ])
  expect(skipped.map(({ what }) => what)).toEqual(['__proto__'])
})

test('keys that would take long to parse are plain strings', () => {
  const names = [`${'a.'.repeat(50_000)}a:1`, '('.repeat(50_000), `${'('.repeat(50)}a`]
  const { values } = taken(read({ agentId: 'a', qTable: Object.fromEntries(names.map((one) => [one, { x: 1 }])) }))
  expect(values.map(({ state }) => state)).toEqual(names)
})

test('a hundred thousand states are read in slices of a thousand', () => {
  const qTable = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`n:${i}`, { go: i }]))
  const { values, progress } = taken(read({ agentId: 'a', qTable }))
  expect(values).toHaveLength(100_000)
  expect(progress).toHaveLength(100)
  expect(progress[1]).toEqual({ what: 'states', done: 1000, total: 100_000 })
})

const configuration = {
  type: 'unit',
  algorithm: 'q-learning' as const,
  learningRate: 0.2,
  discountFactor: 0.9,
  explorationRate: 0.3,
  explorationDecay: 0.99,
  minExplorationRate: 0.05,
  policy: 'epsilon-greedy' as const,
  learningRateSchedule: 'constant' as const,
  temperature: 1,
  ucbScale: 1,
  nStep: 1,
  traceDecay: 0,
  planningSteps: 0,
  modelWindow: 0,
  modelHalfLife: 0,
  explorationBonus: 0,
  initialValue: 0,
  rewardRange: null,
  rewardScale: null,
  unseenStates: 'auto' as const,
  features: {},
  actionFeatures: false,
  defaultTaskType: null,
  rewardWithinMs: null,
  defaultReward: null,
}
const empty: LearningModel = {
  agentId: 'agent',
  configuration,
  explorationRate: 0.25,
  values: [],
  experiences: [],
  experienceCount: 0,
  tally: { tasks: 0, successes: 0 },
  patterns: [],
  version: '0.1.0',
  now: Date.UTC(2026, 0, 31, 12),
}

describe('writing', () => {
  test('has every field that agentic-qe has', () => {
    const written = JSON.parse([...writeLearningModelState(empty)].join('')) as object
    expect(Object.keys(written)).toEqual([...Object.keys(theirs), 'visits'])
    expect(written).toMatchObject({
      agentId: 'agent',
      qTable: {},
      experiences: [],
      patterns: [],
      visits: {},
      version: '0.1.0',
      config: {
        ...theirs.config,
        learningRate: 0.2,
        discountFactor: 0.9,
        explorationRate: 0.25,
        minExplorationRate: 0.05,
        explorationDecay: 0.99,
      },
      performance: { avgReward: 0, successRate: 0, totalExperiences: 0 },
      lastUpdated: '2026-01-31T12:00:00.000Z',
      size: utf8('{"qTable":{},"experiences":[],"patterns":[]}').length,
    })
  })

  test('writes the last 1000 experiences, and statistics of the last 100', () => {
    const one = {
      ...experience,
      id: '',
      episodeId: null,
      terminated: true,
      truncated: false,
      timestamp: '2026-01-31T12:00:00.000Z',
    }
    const experiences = Array.from({ length: 1100 }, (_, i) => ({
      ...one,
      id: String(i),
      reward: i < 1050 ? -1 : 1,
      behaviorProbability: null,
      actions: null,
      nextActions: null,
      metadata: null,
    }))
    const text = [...writeLearningModelState({ ...empty, experiences, experienceCount: 1100 })].join('')
    const written = JSON.parse(text) as { experiences: { id: string }[]; size: number }
    expect(written.experiences.map(({ id }) => id)).toEqual(experiences.slice(100).map(({ id }) => id))
    expect(written).toMatchObject({ performance: { avgReward: 0, successRate: 0.5, totalExperiences: 1100 } })
    const { qTable, experiences: kept, patterns } = JSON.parse(text) as Record<string, unknown>
    expect(written.size).toBe(utf8(JSON.stringify({ qTable, experiences: kept, patterns })).length)
  })

  test('round-trips values with visits, experiences, patterns and rates', () => {
    const key = plainValue.map((value) => keyOf(value))
    const action = fc.record({
      actionKey: key,
      value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number || 0),
      visits: fc.nat(),
    })
    const states = fc.uniqueArray(
      fc.record({
        stateKey: key,
        actions: fc.uniqueArray(action, { selector: (one) => one.actionKey, minLength: 1, maxLength: 3 }),
      }),
      { selector: (one) => one.stateKey, maxLength: 6 },
    )
    const patterns = fc.array(
      fc.record<Pattern>({
        id: fc.nat(),
        patternType: name,
        patternData: plainValue,
        confidence: fc.double({ min: 0, max: 1, noNaN: true }),
        successRate: fc.double({ min: 0, max: 1, noNaN: true }),
        usageCount: fc.nat(),
        successCount: fc.nat(),
        lastUsed: fc.constant('2026-01-31T12:00:00.250Z'),
        agentId: fc.constant('agent'),
        lacksEvidence: fc.boolean(),
        lowerBound: fc.constant(0),
      }),
      { maxLength: 3 },
    )
    fc.assert(
      fc.property(states, recordedExperiences, patterns, (values, recorded, patterns) => {
        const experiences = recorded.map((one) => ({ ...one, agentId: 'agent' }))
        const read = taken(
          readLearningModelState(source(writeLearningModelState({ ...empty, values, experiences, patterns }))),
        )
        expect(read.experiences).toEqual(experiences.map(asImportBatch))
        const byKey = (list: readonly { key: string }[]): object[] => list.toSorted((a, b) => (a.key < b.key ? -1 : 1))
        expect(
          byKey(
            read.values.map(({ state, action, value, visits }) => ({
              key: `${keyOf(state)}\0${keyOf(action)}`,
              value,
              visits,
            })),
          ),
        ).toEqual(
          byKey(
            values.flatMap(({ stateKey, actions }) =>
              actions.map(({ actionKey, value, visits }) => ({
                key: `${stateKey}\0${actionKey}`,
                value: value || 0,
                visits,
              })),
            ),
          ),
        )
        const rows = read.rows[0]?.rows ?? []
        expect(rows.map(([, ...row]) => row)).toEqual(
          patterns.map((one) => [
            one.patternType,
            expect.any(String),
            one.confidence || 0,
            one.successRate || 0,
            one.usageCount,
            one.successCount,
            toSqlTime(one.lastUsed),
          ]),
        )
        expect(rows.map(([, , json]) => keyOf(JSON.parse(String(json))))).toEqual(
          patterns.map(({ patternData }) => keyOf(patternData)),
        )
        expect(read.agents[0]?.configuration).toEqual({
          type: 'unit',
          learningRate: 0.2,
          discountFactor: 0.9,
          explorationRate: 0.25,
          explorationDecay: 0.99,
          minExplorationRate: 0.05,
        })
      }),
      { numRuns: 200 },
    )
  })

  test('round-trips what a store learned', async () => {
    await using store = await openLearningStore({ storage: 'memory:', seed: 1 })
    const agent = await store.agent('walker', configuration)
    for (let i = 0; i < 40; i++) {
      const { action } = await agent.selectAction({ at: i % 7 }, { actions: ['left', { go: 'right', by: 2 }] })
      await agent.learn({
        state: { at: i % 7 },
        action,
        nextState: { at: (i + 1) % 7 },
        reward: i / 9,
        terminated: i % 7 === 6,
      })
    }
    const values = await store.values.listByState('walker')
    const experiences = (await store.experiences.list()).reverse()
    const model = { ...empty, agentId: 'walker', values, experiences, experienceCount: 40 }
    const read = taken(readLearningModelState(source(writeLearningModelState(model))))
    expect(read.experiences).toEqual(experiences.map(asImportBatch))
    const listed = await store.values.list({ agentId: 'walker' })
    expect(listed.length).toBeGreaterThan(7)
    for (const { state, action, value, visits } of listed) {
      expect(read.values).toContainEqual({ agentId: 'walker', state, action, value, visits })
    }
    expect(read.values).toHaveLength(listed.length)
  })
})

test('the success rate of an export is that of the statistics, whatever the rewards are', async () => {
  const store = await openLearningStore({ storage: 'memory:' })
  const agent = await store.agent('a')
  const exported = async (): Promise<number> => {
    const [file] = await store.exportFile({ format: 'learning-model-state', agentId: 'a' })
    const model = JSON.parse(new TextDecoder().decode(file?.bytes)) as { performance: { successRate: number } }
    return model.performance.successRate
  }
  expect(await exported()).toBe(0)
  for (let i = 0; i < 200; i++) {
    // 23 % of the rewards are above 0, 92 % of the tasks succeed.
    const reward = i % 100 < 23 ? 1 : -0.5
    await agent.learnFromExecution({ state: 's', action: 'x', reward, success: i % 100 < 92 })
  }
  expect((await agent.getStatistics()).successRate).toBe(0.92)
  expect(await exported()).toBe(0.92)
  // Without tasks, it is the share of rewards above 0, as in agentic-qe.
  await store.resetAgent('a')
  await agent.learnMany([1, -1, 2, 3].map((reward) => ({ state: 's', action: 'x', reward, terminated: true })))
  expect(await exported()).toBe(0.75)
  await store.close()
})
