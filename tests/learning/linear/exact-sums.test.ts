import { afterEach, describe, expect, test } from 'vitest'
import { type AsyncStore, type JsonValue, openLearningStore } from '../../../src/entry/node.ts'
import { nodeEngine } from '../../../src/runtime/node/engine.ts'
import { Connection } from '../../../src/sql/connection.ts'

const ACTIONS = ['a', 'b', 'c']
const STATES = [0, 1, 2].map((i) => stateOf(1_000 + i))

let stores: AsyncStore[] = []
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()))
  stores = []
})

async function opened(): Promise<AsyncStore> {
  const store = await openLearningStore({ storage: 'memory:', seed: 7 })
  stores.push(store)
  return store
}

/** Five states recur, the others do not. */
function stateOf(i: number): JsonValue {
  return i % 2 === 0 ? { kind: `kind ${i % 5}` } : { kind: `kind ${i % 3}`, x: (i * 37) % 101, isNew: i % 7 === 0 }
}

function experienceOf(i: number): { id: string; state: JsonValue; action: string; reward: number; terminated: true } {
  return {
    id: `e${i}`,
    state: stateOf(i),
    action: ACTIONS[i % 3] ?? '',
    reward: ((i * 7) % 11) / 3 - 1,
    terminated: true,
  }
}

async function learn(store: AsyncStore, from: number, to: number): Promise<void> {
  const agent = await store.agent('m')
  await agent.learnMany(Array.from({ length: to - from }, (_, k) => experienceOf(from + k)))
}

async function mergeInto(store: AsyncStore, other: AsyncStore): Promise<unknown> {
  return store.importFile(await other.snapshot())
}

/** Predictions for new states, with how often the actions were tried. */
async function predictions(store: AsyncStore): Promise<{ values: number[]; visits: number[] }> {
  const found = (await (await store.agent('m')).values.getMany(STATES)).flat()
  return { values: found.map(({ value }) => value), visits: found.map(({ visits }) => visits) }
}

async function expectEqual(store: AsyncStore, expected: AsyncStore): Promise<void> {
  const [found, wanted] = [await predictions(store), await predictions(expected)]
  expect(found.visits).toEqual(wanted.visits)
  for (const [i, value] of wanted.values.entries()) expect(Math.abs((found.values[i] ?? 0) - value)).toBeLessThan(1e-9)
  const [status, pooled] = [await (await store.agent('m')).status(), await (await expected.agent('m')).status()]
  expect(status.experienceCount).toBe(pooled.experienceCount)
  expect((await store.verify()).findings).toEqual([])
}

describe.each(['lin-ucb', 'lin-ts'] as const)('a model of %s with pruned experiences', (algorithm) => {
  /** One with experiences up to 80 of which 30 were pruned, another with the next 60, and one with all. */
  async function three(): Promise<[one: AsyncStore, other: AsyncStore, pooled: AsyncStore]> {
    const found: [AsyncStore, AsyncStore, AsyncStore] = [await opened(), await opened(), await opened()]
    for (const store of found) await store.agent('m', { algorithm })
    const [one, other, pooled] = found
    await learn(one, 0, 80)
    expect(await one.prune({ experiences: { perAgent: 30 } })).toMatchObject({ experiences: 30 })
    await learn(other, 80, 140)
    await learn(pooled, 0, 140)
    return found
  }

  test('is that of all experiences after merging, in both directions, and merging again adds nothing', async () => {
    const [one, other, pooled] = await three()
    expect(await other.prune({ experiences: { perAgent: 20 } })).toMatchObject({ experiences: 20 })
    await mergeInto(one, other)
    await expectEqual(one, pooled)
    await mergeInto(other, one)
    await expectEqual(other, pooled)
    await mergeInto(one, other)
    await expectEqual(one, pooled)
    await learn(one, 140, 150)
    await learn(pooled, 140, 150)
    await expectEqual(one, pooled)
  })

  test('is copied into a store that has learned nothing', async () => {
    const [one, , pooled] = await three()
    const blank = await opened()
    await mergeInto(blank, one)
    await learn(blank, 80, 140)
    await expectEqual(blank, pooled)
  })

  test('is derived from the sums with other features, and without what is deleted', async () => {
    const [one, , pooled] = await three()
    await learn(one, 80, 140)
    await expectEqual(one, pooled)
    for (const store of [one, pooled]) await store.agent('m', { features: { x: 'category', isNew: 'ignore' } })
    await expectEqual(one, pooled)
    for (const store of [one, pooled]) {
      const agent = await store.agent('m')
      expect(await agent.experiences.delete({ state: stateOf(139), action: experienceOf(139).action })).toBe(1)
    }
    await expectEqual(one, pooled)
  })

  test('learns what was only recorded when it is replayed, once', async () => {
    const [one, , pooled] = await three()
    const agent = await one.agent('m')
    for (let i = 80; i < 140; i++) await agent.experiences.add(experienceOf(i))
    const before = await predictions(one)
    expect(before.visits.slice(0, 3).reduce((sum, count) => sum + count)).toBe(80)
    expect(await agent.replay({ bufferSize: 10_000 })).toMatchObject({ replayed: 60 })
    await expectEqual(one, pooled)
  })
})

test.each(['lin-ucb', 'q-learning'] as const)(
  'sums that lack what was pruned are not taken for complete, %s',
  async (algorithm) => {
    const [store, other] = [await opened(), await opened()]
    const means = { algorithm, learningRateSchedule: 'sample-average', discountFactor: 0 } as const
    for (const one of [store, other]) await one.agent('m', means)
    await learn(store, 0, 40)
    expect(await store.prune({ experiences: { perAgent: 10 } })).toMatchObject({ experiences: 10 })
    await learn(other, 40, 50)
    // As of a version that kept no sums.
    const earlier = new Connection(await nodeEngine(), await store.snapshot())
    earlier.run('DELETE FROM learning_sums WHERE id NOT IN (SELECT id FROM learning_sums LIMIT 3)', [])
    const refused = { code: 'INVALID_ARGUMENT', message: expect.stringContaining('10 of them were removed') }
    await expect(other.importFile(earlier.export())).rejects.toMatchObject(refused)
  },
)

test('two stores with more than 200 features together are merged, and what is beyond is left out', async () => {
  const [one, other] = [await opened(), await opened()]
  const words = (from: number): string => Array.from({ length: 120 }, (_, i) => `word${from + i}`).join(' ')
  for (const [i, store] of [one, other].entries()) {
    const agent = await store.agent('m', { algorithm: 'lin-ucb' })
    const experience = { state: words(200 * i), action: `action ${i}`, reward: 1, terminated: true }
    await agent.learnMany(Array.from({ length: 40 }, () => experience))
    expect(await store.prune({ experiences: { perAgent: 10 } })).toMatchObject({ experiences: 10 })
  }
  await mergeInto(one, other)
  const values = await (await one.agent('m')).values.get(words(0))
  expect(values.map(({ action, visits }) => [action, visits])).toEqual([['action 0', 40]])
  expect(values[0]?.value).toBeCloseTo(1, 1)
})
