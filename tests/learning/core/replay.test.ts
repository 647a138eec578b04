import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AsyncStore, openLearningStore } from '../../../src/entry/node.ts'

let store: AsyncStore
beforeEach(async () => {
  store = await openLearningStore({ storage: 'memory:', seed: 1 })
})
afterEach(() => store.close())

const experience = (state: number) => ({ state, action: 'a', reward: 1, terminated: true })

test('a recorded log is replayed without ever having been learned from', async () => {
  const agent = await store.agent('log', { learningRate: 0.5 })
  for (let state = 0; state < 50; state++) await agent.experiences.add(experience(state))
  expect(await agent.replay({ batchSize: 500 })).toMatchObject({ replayed: 500 })
  // A state is missed by 500 draws from 50 with a chance of e^-10.
  expect(await agent.values.list()).toHaveLength(50)
  expect((await agent.replay({ batchSize: 8, prioritized: true })).replayed).toBe(8)
})

test('replay draws among learned and recorded experiences alike', async () => {
  const agent = await store.agent('both', { learningRate: 0.5 })
  for (let state = 0; state < 50; state++) await agent.experiences.add(experience(state))
  await agent.learn(experience(50))
  await agent.replay({ batchSize: 500, bufferSize: 40 })
  const states = (await agent.values.list()).map(({ state }) => state)
  // The newest 40 of 51 experiences.
  expect(states.toSorted()).toEqual(Array.from({ length: 40 }, (_, i) => i + 11))
})

test('sample averages of a replayed log are means, and no visit counts twice', async () => {
  const agent = await store.agent('means', { learningRateSchedule: 'sample-average' })
  for (let i = 0; i < 40; i++) await agent.experiences.add({ ...experience(0), reward: i % 2 })
  await agent.replay({ batchSize: 20 })
  const [early] = await agent.values.get(0)
  expect(early?.visits).toBe(20)
  await agent.replay({ batchSize: 400 })
  const [value] = await agent.values.get(0)
  expect(value?.visits).toBe(40)
  // Draws with steps of 1/40 have a standard deviation of .06 around the mean.
  expect(Math.abs((value?.value ?? 0) - 0.5)).toBeLessThan(0.25)
  await agent.learn(experience(0))
  await agent.replay({ batchSize: 100 })
  expect((await agent.values.get(0))[0]?.visits).toBe(41)
})

test('after pruning every draw is replayed', async () => {
  const agent = await store.agent('pruned')
  await agent.learnMany(Array.from({ length: 1_000 }, (_, i) => experience(i % 10)))
  await store.prune({ experiences: { perAgent: 100 } })
  expect(await agent.experiences.count()).toBe(120)
  expect(await agent.replay({ batchSize: 500 })).toMatchObject({ replayed: 500 })
})

test('an agent without experiences replays nothing', async () => {
  const agent = await store.agent('new')
  expect(await agent.replay()).toEqual({ replayed: 0, meanError: 0 })
})

test('replay draws 32 experiences by default, uniformly or by priority', async () => {
  const agent = await store.agent('default')
  for (let state = 0; state < 3; state++) await agent.experiences.add(experience(state))
  expect(await agent.replay()).toMatchObject({ replayed: 32 })
  expect(await agent.replay({ prioritized: true })).toMatchObject({ replayed: 32 })
})

test.each([1, 2, 7, 33])('a batch of %i updates as many visits', async (batchSize) => {
  for (const prioritized of [false, true]) {
    const agent = await store.agent(`batch-${prioritized}`)
    for (let i = 0; i < 50; i++) await agent.experiences.add(experience(0))
    expect((await agent.replay({ batchSize, prioritized })).replayed).toBe(batchSize)
    expect((await agent.values.get(0))[0]?.visits).toBe(batchSize)
  }
})

test('replay returns the mean absolute error of its draws', async () => {
  const agent = await store.agent('errors', { learningRate: 0.5 })
  await agent.experiences.add({ ...experience(0), reward: -8 })
  // The value goes to 4, 6 and 7 below zero: errors of 8, 4 and 2.
  const { replayed, meanError } = await agent.replay({ batchSize: 3 })
  expect(replayed).toBe(3)
  expect(meanError).toBeCloseTo(14 / 3, 12)
})

test('replay of a linear agent returns how many recorded experiences it learned from', async () => {
  const agent = await store.agent('linear', { algorithm: 'lin-ucb' })
  const linear = { action: 'a', reward: 1, terminated: true }
  for (let i = 0; i < 5; i++) await agent.experiences.add({ ...linear, state: { x: i } })
  await agent.learn({ ...linear, state: { x: 9 } })
  const { experienceCount } = await agent.status()
  expect(await agent.replay()).toEqual({ replayed: 5, meanError: 0 })
  expect((await agent.status()).experienceCount).toBe(experienceCount + 5)
  expect(await agent.replay()).toEqual({ replayed: 0, meanError: 0 })
})

test('replay counts no draw whose error overflows', async () => {
  const agent = await store.agent('overflow', { learningRate: 1 })
  await agent.learn({ ...experience(0), reward: Number.MAX_VALUE })
  await agent.experiences.add({ ...experience(0), reward: -Number.MAX_VALUE })
  for (let i = 0; i < 5; i++) {
    const { replayed, meanError } = await agent.replay({ batchSize: 40, bufferSize: 2 })
    // Of 40 draws from two, all are of one kind with a chance of 2^-39.
    expect(replayed).toBeGreaterThan(0)
    expect(replayed).toBeLessThan(40)
    expect(meanError).toBe(0)
  }
})
