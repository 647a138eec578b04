import { expect, test } from 'vitest'
import { seeded } from '../../../examples/prioritization/seeded.ts'
import { type AsyncStore, type LearnerConfiguration, openLearningStore } from '../../../src/entry/node.ts'

const MEANS = [0.5, 0.45, 0.4, 0.35, 0.3]

/** The mean regret of agents that pull Bernoulli arms, in units of the width of the rewards. Seeds 0, 1, 2, ... */
async function regretOf(
  configuration: Partial<LearnerConfiguration>,
  { agents, pulls, low, width }: { agents: number; pulls: number; low: number; width: number },
): Promise<number> {
  const store = await openLearningStore({ storage: 'memory:', seed: 1 })
  const actions = MEANS.map((_, arm) => arm)
  const regrets = Array.from({ length: agents }, async (_, i) => {
    const agent = await store.agent(`agent ${i}`, { discountFactor: 0, ...configuration })
    const next = seeded(i)
    let regret = 0
    for (let t = 0; t < pulls; t++) {
      const { action } = await agent.selectAction(0, { actions })
      const mean = MEANS[Number(action)] ?? 0
      regret += 0.5 - mean
      await agent.learn({ state: 0, action, reward: low + (next() < mean ? width : 0), terminated: true })
    }
    return regret
  })
  const sum = (await Promise.all(regrets)).reduce((total, regret) => total + regret, 0)
  await store.close()
  return sum / agents
}

const SIZE = { agents: 30, pulls: 400, low: 0 }

// The choices are the same up to rounding, which decides between equal bounds.
test.each([
  { policy: 'ucb1', agents: 30 },
  { policy: 'thompson-gaussian', agents: 10 },
  { policy: 'softmax', agents: 10 },
] as const)(
  'rewards of 0 and 100 have the regret of rewards of 0 and 1 within a tenth, with $policy',
  async ({ policy, agents }) => {
    const one = await regretOf({ policy }, { ...SIZE, agents, width: 1 })
    const hundred = await regretOf({ policy }, { ...SIZE, agents, width: 100 })
    expect(Math.abs(hundred / one - 1)).toBeLessThan(0.1)
    // Below that of choosing uniformly: 400 pulls that cost .1 on average.
    expect(one).toBeLessThan(33)
  },
)

test('a reward range is a scale, too', async () => {
  const size = { ...SIZE, agents: 10 }
  const one = await regretOf({ policy: 'ucb1', rewardRange: [0, 1] }, { ...size, width: 1 })
  const two = await regretOf({ policy: 'ucb1', rewardRange: [0, 128] }, { ...size, width: 128 })
  // Powers of two are exact, so every choice is the same.
  expect(two).toBe(one)
})

test('before any reward differs, Thompson sampling of means chooses uniformly', async () => {
  const store = await openLearningStore({ storage: 'memory:', seed: 1 })
  const agent = await store.agent('a', { policy: 'thompson-gaussian' })
  for (const action of [0, 1, 1]) await agent.learn({ state: 0, action, reward: 1000.1, terminated: true })
  expect((await agent.selectAction(0, { actions: [0, 1, 2, 3] })).probability).toBe(1 / 4)
  await agent.learn({ state: 0, action: 1, reward: 1000.5, terminated: true })
  const chosen = await Promise.all(Array.from({ length: 60 }, () => agent.selectAction(0, { actions: [0, 1, 2, 3] })))
  // Actions without experience have the mean of the others as their prior.
  expect(new Set(chosen.map(({ action }) => action))).toEqual(new Set([0, 1, 2, 3]))
  await store.close()
})

async function storeWith(rewards: readonly number[], more: Partial<LearnerConfiguration> = {}): Promise<AsyncStore> {
  const store = await openLearningStore({ storage: 'memory:', seed: 1 })
  const agent = await store.agent('a', { policy: 'ucb1', ...more })
  await agent.learnMany(rewards.map((reward) => ({ state: 0, action: 'x', reward, terminated: true })))
  return store
}

const scaleIn = async (store: AsyncStore): Promise<number | null> =>
  (await (await store.agent('a')).status()).learnedScale

test('the learned scale is the standard deviation of the rewards of an action, and outlives pruning and merging', async () => {
  const rewards = Array.from({ length: 40 }, (_, i) => 7 + ((i * 7) % 10))
  const mean = rewards.reduce((sum, x) => sum + x, 0) / rewards.length
  const expected = Math.sqrt(rewards.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (rewards.length - 1))
  const store = await storeWith(rewards)
  expect(await scaleIn(store)).toBeCloseTo(expected, 10)
  await (await store.agent('a')).replay()
  await store.prune({ experiences: { perAgent: 0 } })
  expect(await scaleIn(store)).toBeCloseTo(expected, 10)
  const copy = await openLearningStore({ storage: 'memory:' })
  await copy.importFile(await store.snapshot())
  expect(await scaleIn(copy)).toBeCloseTo(expected, 10)
  const [one, other] = [await storeWith([1, 2, 3]), await storeWith([4, 10])]
  const [first, second] = [await one.snapshot(), await other.snapshot()]
  await one.importFile(second)
  await other.importFile(first)
  expect(await scaleIn(one)).toBe(await scaleIn(other))
  expect(await scaleIn(one)).toBeCloseTo(Math.sqrt(50 / 4), 10)
  await store.resetAgent('a')
  expect(await scaleIn(store)).toBeNull()
  for (const each of [store, copy, one, other]) await each.close()
})

test('with a constant rate the learned scale is close to the standard deviation', async () => {
  const next = seeded(5)
  const store = await storeWith(
    Array.from({ length: 4000 }, () => (next() < 0.5 ? -3 : 3)),
    { policy: 'softmax' },
  )
  expect(Math.abs(((await scaleIn(store)) ?? 0) / 3 - 1)).toBeLessThan(0.05)
  await store.close()
})

test('a given scale is taken as it is, and null learns it again', async () => {
  const store = await storeWith([0, 1, 0, 1], { rewardScale: 10 })
  const agent = await store.agent('a')
  await agent.learn({ state: 0, action: 'y', reward: 3, terminated: true })
  // Bounds: .5 + 10 sqrt(2 ln 5 / 4) is above 3 + 10 sqrt(2 ln 5 / 1) only for the second.
  expect(await agent.selectAction(0)).toMatchObject({ action: 'y' })
  expect(await (await store.agent('a', { rewardScale: null, temperature: 2 })).status()).toMatchObject({
    rewardScale: null,
    temperature: 2,
  })
  expect(await (await store.agent('a', { temperature: null })).status()).toMatchObject({ temperature: null })
  await expect(store.agent('a', { rewardScale: 0 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  expect((await store.verify()).findings).toEqual([])
  await store.close()
})
