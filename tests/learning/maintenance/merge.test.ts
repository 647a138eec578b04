// Laws of merging replicas: values are a function of the set of experiences, whoever merged whom, and in what order.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AsyncStore, type LearnerConfiguration, openLearningStore } from '../../../src/entry/node.ts'

const AGENTS: { readonly [id: string]: Partial<LearnerConfiguration> } = {
  plain: { discountFactor: 0.9 },
  onPolicy: { algorithm: 'sarsa', explorationRate: 0.5, explorationDecay: 0.9 },
  twin: { algorithm: 'double-q-learning', learningRateSchedule: 'sample-average' },
  bounded: { algorithm: 'expected-sarsa', policy: 'thompson-gaussian', initialValue: 1 },
  planner: { learningRateSchedule: 'sample-average', planningSteps: 3, policy: 'softmax', rewardRange: [-50, 50] },
  linear: { algorithm: 'lin-ucb' },
}

interface Operation {
  readonly agentId: string
  readonly state: number
  readonly action: string
  readonly reward: number
  readonly nextState: number
  /** Undefined where the operation does not say it. */
  readonly nextActions: readonly string[] | undefined
  readonly terminated: boolean
  /** Undefined where the operation is of no episode. */
  readonly episodeId: string | undefined
  /** The agent is given this rate before; undefined leaves it. */
  readonly learningRate: number | undefined
  /** How far the clock goes before, in s; clocks go back too. */
  readonly seconds: number
}

const operation: fc.Arbitrary<Operation> = fc.record({
  agentId: fc.constantFrom(...Object.keys(AGENTS)),
  state: fc.integer({ min: 0, max: 3 }),
  action: fc.constantFrom('x', 'y', 'z'),
  reward: fc.double({ min: -5, max: 5, noNaN: true }),
  nextState: fc.integer({ min: 0, max: 3 }),
  nextActions: fc.constantFrom(undefined, ['x', 'y'], ['z']),
  terminated: fc.boolean(),
  episodeId: fc.constantFrom('one', 'two', undefined),
  learningRate: fc.constantFrom(undefined, undefined, 0.1, 0.5),
  seconds: fc.integer({ min: -3, max: 5 }).map((quarters) => quarters / 4),
})
const operations = fc.array(operation, { maxLength: 25 })

async function replica(given: readonly Operation[]): Promise<AsyncStore> {
  let now = Date.UTC(2026, 0, 1)
  const store = await openLearningStore({ storage: 'memory:', now: () => now })
  for (const { agentId, seconds, learningRate, episodeId, nextActions, ...experience } of given) {
    now += seconds * 1000
    const agent = await store.agent(agentId, { ...AGENTS[agentId], ...(learningRate && { learningRate }) })
    await agent.learn({ ...experience, ...(episodeId && { episodeId }), ...(nextActions && { nextActions }) })
  }
  return store
}

/** What each agent knows, to the last bit: numbers are compared by their bytes. */
async function learned(store: AsyncStore): Promise<unknown> {
  const { rows } = await store.query(
    `SELECT agent_id, state_key, action_key, hex(q_value), printf('%!.20e', q_value), visits, last_updated FROM q_values
      ORDER BY agent_id, state_key, action_key`,
    [],
    { limit: 10_000 },
  )
  const agents = await store.query(
    `SELECT agent_id, learning_rate, configured_at, current_exploration_rate, experience_count, deviation_count,
      printf('%!.20e', deviation_squares) FROM learning_agents
      ORDER BY agent_id`,
  )
  const tables = await store.query(
    `SELECT agent_id, state_key, action_key, printf('%!.20e %!.20e', first_value, second_value), first_visits, second_visits
      FROM double_q_values ORDER BY agent_id, state_key, action_key`,
    [],
    { limit: 10_000 },
  )
  return [rows, agents.rows, tables.rows]
}

async function merge(into: AsyncStore, ...others: readonly AsyncStore[]): Promise<void> {
  for (const other of others) await into.importFile(await other.snapshot())
}

describe('merging', () => {
  test('in either direction gives equal values, bit for bit', async () => {
    await fc.assert(
      fc.asyncProperty(operations, operations, async (mine, theirs) => {
        const [a, b] = [await replica(mine), await replica(theirs)]
        const [before, other] = [await a.snapshot(), await b.snapshot()]
        await a.importFile(other)
        await b.importFile(before)
        expect(await learned(a)).toEqual(await learned(b))
        expect(await a.verify()).toEqual({ ok: true, findings: [] })
        await Promise.all([a.close(), b.close()])
      }),
      { numRuns: 40, seed: 1 },
    )
  })

  test('three replicas gives equal values in every order, also indirectly', async () => {
    await fc.assert(
      fc.asyncProperty(operations, operations, operations, async (one, two, three) => {
        const fresh = () => Promise.all([replica(one), replica(two), replica(three)])
        const [[a, b, c], [d, e, f]] = [await fresh(), await fresh()]
        await merge(a, b, c)
        await merge(c, b)
        await merge(b, c, a)
        expect(await learned(b)).toEqual(await learned(a))
        // Other replicas that experienced the same at the same times, and so under other ids: equal but for who comes first.
        await merge(d, e)
        await merge(f, d)
        await merge(e, f)
        expect(await learned(e)).toEqual(await learned(f))
        await Promise.all([a, b, c, d, e, f].map((store) => store.close()))
      }),
      { numRuns: 15, seed: 1 },
    )
  })

  test('counts an experience that both imported once', async () => {
    const source = await replica([
      {
        agentId: 'plain',
        state: 1,
        action: 'x',
        reward: 1,
        nextState: 2,
        nextActions: undefined,
        terminated: true,
        episodeId: 'one',
        learningRate: undefined,
        seconds: 0,
      },
    ])
    const [file] = await source.exportFile({ format: 'json-lines' })
    const [a, b] = [await replica([]), await replica([])]
    for (const store of [a, b]) await store.importFile(file?.bytes ?? new Uint8Array())
    const before = await a.snapshot()
    await merge(a, b)
    await b.importFile(before)
    expect(await a.experiences.count()).toBe(1)
    expect(await learned(a)).toEqual(await learned(b))
    await Promise.all([source, a, b].map((store) => store.close()))
  })

  test('copies values without experiences: of two, the one with more visits', async () => {
    const table = (value: number, updateCount: number): Uint8Array =>
      new TextEncoder().encode(JSON.stringify({ s: { go: value, _meta: { updateCount } } }))
    const [a, b] = [await replica([]), await replica([])]
    await a.importFile(table(0.25, 3))
    await b.importFile(table(0.75, 9))
    const before = await a.snapshot()
    await merge(a, b)
    await b.importFile(before)
    for (const store of [a, b]) {
      expect(await store.values.get('ruvector', 's')).toEqual([{ action: 'go', value: 0.75, visits: 9 }])
      await store.close()
    }
  })

  test('works for a copy that diverged', async () => {
    const original = await replica([])
    const agent = await original.agent('plain')
    await agent.learn({ state: 0, action: 'x', reward: 1, terminated: true })
    const [file] = await original.exportFile({ format: 'sqlite' })
    const copy = await replica([])
    await copy.importFile(file?.bytes ?? new Uint8Array())
    await (await copy.agent('plain')).learn({ state: 0, action: 'y', reward: 2, terminated: true })
    await agent.learn({ state: 0, action: 'z', reward: 3, terminated: true })
    await merge(original, copy)
    await merge(copy, original)
    expect(await original.experiences.count()).toBe(3)
    const values = (store: AsyncStore) => store.values.get('plain', 0)
    expect(await values(copy)).toEqual(await values(original))
    await Promise.all([original.close(), copy.close()])
  })

  test('continues the counts of tasks and strategies, and uses refer to their patterns', async () => {
    const [a, b] = [await replica([]), await replica([])]
    const task = { state: 0, action: 'x', reward: 1, strategy: 'steady', discovery: 'rate' } as const
    const [mine, theirs] = [await a.agent('worker'), await b.agent('worker')]
    for (let i = 0; i < 4; i++) await mine.learnFromExecution({ ...task, success: true })
    for (let i = 0; i < 3; i++) await theirs.learnFromExecution({ ...task, success: false })
    const other = await b.agent('other')
    for (let i = 0; i < 6; i++) await other.learnFromExecution({ ...task, taskType: 'else', success: true })
    const first = await a.agent('first')
    for (let i = 0; i < 6; i++) await first.learnFromExecution({ ...task, success: true })
    await merge(a, b)
    expect(await mine.getStatistics()).toMatchObject({ tasks: 4, successes: 4 })
    const next = await mine.learnFromExecution({ ...task, success: true })
    expect(next.discovered).toMatchObject({ usageCount: 5, successCount: 5 })
    expect(await mine.getStatistics()).toMatchObject({ tasks: 5, successes: 5 })
    const { rows } = await a.query(
      'SELECT u.agent_id, p.agent_id FROM pattern_usage AS u JOIN patterns AS p ON u.pattern_id = CAST(p.id AS TEXT)',
    )
    expect(rows.length).toBeGreaterThan(0)
    for (const [user, owner] of rows) expect(user).toBe(owner)
    const again = await a.importFile(await b.snapshot())
    expect(again.changes.filter(({ added }) => added > 0)).toEqual([])
    await Promise.all([a.close(), b.close()])
  })

  test('keeps and counts experiences that cannot be learned from', async () => {
    const [a, b] = [await replica([]), await replica([])]
    const [most, end] = [Number.MAX_VALUE, { state: 1, action: 'go', terminated: true }]
    await (await a.agent('extreme', { learningRate: 1 })).learn({ ...end, reward: most })
    await (await b.agent('extreme', { learningRate: 1 })).learn({ ...end, reward: -most })
    await (await b.agent('plain')).learn({ state: 1, action: 'go', reward: 2, terminated: true })
    const before = await a.snapshot()
    const { merged } = await a.importFile(await b.snapshot())
    expect(merged).toMatchObject({ added: 2, refused: 1 })
    await b.importFile(before)
    expect(await learned(a)).toEqual(await learned(b))
    await Promise.all([a.close(), b.close()])
  })

  test('uses the latest configuration, whoever learned since', async () => {
    const at = (seconds: number): { now: number } => ({ now: Date.UTC(2026, 0, 1) + seconds * 1000 })
    const clocks = [at(0), at(0), at(0)] as const
    const open = (clock: { now: number }) => openLearningStore({ storage: 'memory:', now: () => clock.now })
    const [a, b, c] = (await Promise.all(clocks.map(open))) as [AsyncStore, AsyncStore, AsyncStore]
    const step = { state: 0, action: 'x', reward: 1, terminated: true }
    const mine = await a.agent('same', { learningRate: 0.1 })
    clocks[1].now += 10_000
    await (await b.agent('same', { learningRate: 0.5 })).learn(step)
    clocks[0].now += 20_000
    await mine.learn(step)
    await (await c.agent('unlike')).learn(step)
    await merge(a, c)
    await merge(a, b)
    await merge(b, a, c)
    expect(await mine.status()).toMatchObject({ learningRate: 0.5 })
    expect(await learned(a)).toEqual(await learned(b))
    await Promise.all([a.close(), b.close(), c.close()])
  })

  test.each([
    ['the later one, though its rate is lower', [0, 0.5], [1, 0.1], 0.1],
    ['the later one by milliseconds', [0.25, 0.5], [0.75, 0.1], 0.1],
    ['of two at the same time the greater as text', [0, 0.1], [0, 0.5], 0.5],
  ] as const)('chooses of two configurations %s, whoever merges first', async (_, one, two, rate) => {
    const opened = async ([seconds, learningRate]: readonly [number, number]): Promise<AsyncStore> => {
      const store = await openLearningStore({ storage: 'memory:', now: () => Date.UTC(2026, 0, 1) + seconds * 1000 })
      await store.agent('same', { learningRate })
      return store
    }
    for (const [first, second] of [
      [one, two],
      [two, one],
    ] as const) {
      const [a, b] = [await opened(first), await opened(second)]
      await merge(a, b)
      expect(await (await a.agent('same')).status()).toMatchObject({ learningRate: rate })
      await Promise.all([a.close(), b.close()])
    }
  })

  test('lets SARSA complete its own last step, not that of another replica', async () => {
    const [a, b] = [await replica([]), await replica([])]
    const sarsa = { algorithm: 'sarsa', learningRate: 0.5, discountFactor: 1 } as const
    const [mine, theirs] = [await a.agent('s', sarsa), await b.agent('s', sarsa)]
    await mine.learn({ state: 'a1', action: 'x', reward: 1, nextState: 'a2' })
    await theirs.learn({ state: 'b1', action: 'x', reward: 1, nextState: 'b2' })
    await merge(a, b)
    await mine.learn({ state: 'a2', action: 'x', reward: 0, terminated: true })
    expect(await a.values.get('s', 'a1')).toEqual([{ action: 'x', value: 0.5, visits: 1 }])
    expect(await a.values.get('s', 'b1')).toEqual([])
    await Promise.all([a.close(), b.close()])
  })
})
