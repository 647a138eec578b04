// Eligibility traces against values computed by hand and the book's pseudocode.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../src/algorithms/random.ts'
import { type AsyncStore, type LearnerConfiguration, openLearningStore } from '../../../src/entry/node.ts'
import { episodes, expectEqual, experiencesOf, type Step, type Values, valuesIn } from './episodes.ts'
import { textbook } from './traces-textbook.ts'

const isLong = process.env.LEARNING_STORE_LONG !== undefined
const GREEDY = { explorationRate: 0, minExplorationRate: 0 } as const
const BY_HAND = { ...GREEDY, learningRate: 0.5, discountFactor: 1, traceDecay: 0.5 } as const

describe.each(['q-learning', 'sarsa', 'expected-sarsa'] as const)('%s with traces', (algorithm) => {
  test('has the values that were computed by hand', async () => {
    const store = await openLearningStore({ storage: 'memory:' })
    const agent = await store.agent('a', { ...BY_HAND, algorithm })
    const episode = [0, 1, 2].map((state) => ({
      state,
      action: 'x',
      reward: state === 2 ? 8 : 0,
      nextState: state + 1,
    }))
    const learned = async (): Promise<unknown> => [...(await valuesIn(store, 'a'))].sort()
    await agent.learnMany(experiencesOf(episode, 'terminated'))
    // One error, 8 at the end, with traces of 1, .5 and .25.
    expect(await learned()).toEqual([
      ['0 x', 1],
      ['1 x', 2],
      ['2 x', 4],
    ])
    await agent.learnMany(experiencesOf(episode, 'terminated'))
    // Errors 2 - 1 = 1, 4 - 2 = 2 and 8 - 4 = 4.
    expect(await learned()).toEqual([
      ['0 x', 1 + 0.5 * (1 + 2 / 2 + 4 / 4)],
      ['1 x', 2 + 0.5 * (2 + 4 / 2)],
      ['2 x', 6],
    ])
    const visits = (await agent.values.list()).map((one) => one.visits)
    expect(visits).toEqual([2, 2, 2])
    await store.close()
  })

  test('passes the error of an exploratory action back, except for Q-learning, which cuts its traces', async () => {
    const store = await openLearningStore({ storage: 'memory:' })
    const agent = await store.agent('a', { ...BY_HAND, algorithm })
    await agent.learn({ state: 1, action: 'best', reward: 8, terminated: true })
    await agent.learn({ state: 0, action: 'x', reward: 0, nextState: 1 })
    await agent.learn({ state: 1, action: 'other', reward: -8, terminated: true })
    // The first error is 4 for the best next action and 0 for the one that was taken, the second -8 with a trace of .5.
    const first = { 'q-learning': 2, sarsa: 0 - 2, 'expected-sarsa': 2 - 2 }
    const values = await valuesIn(store, 'a')
    expect(values.get('0 x')).toBe(first[algorithm])
    expect([values.get('1 best'), values.get('1 other')]).toEqual([4, -4])
    await store.close()
  })
})

describe.each(['q-learning', 'sarsa', 'expected-sarsa'] as const)('the traces of %s', (algorithm) => {
  test('give the values of the textbook', async () => {
    await fc.assert(
      fc.asyncProperty(episodes, fc.constantFrom(0.3, 0.8, 1), fc.boolean(), async (given, traceDecay, isNamed) => {
        const store = await openLearningStore({ storage: 'memory:' })
        const agent = await store.agent('a', {
          algorithm,
          ...GREEDY,
          learningRate: 0.5,
          discountFactor: 0.9,
          traceDecay,
        })
        const q: Values = new Map()
        for (const [i, { steps, end }] of given.entries()) {
          for (const one of experiencesOf(steps, end, isNamed ? `${i}` : undefined)) await agent.learn(one)
          textbook(q, steps, end, { lambda: traceDecay, rate: 0.5, discount: 0.9, algorithm })
        }
        // Two best actions share the greedy probability, so expected SARSA is the greedy value up to rounding.
        expectEqual(await valuesIn(store, 'a'), q, 10)
        await store.close()
      }),
      { numRuns: isLong ? 60 : 30, seed: 1 },
    )
  })

  test('go on after the store was closed, in any mixture of episodes, as if it had not been', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'traces-'))
    const configuration: Partial<LearnerConfiguration> = {
      algorithm,
      traceDecay: 0.7,
      learningRateSchedule: 'sample-average',
    }
    let run = 0
    await fc.assert(
      fc.asyncProperty(episodes, fc.infiniteStream(fc.integer({ min: 0, max: 5 })), async (given, draws) => {
        const [whole, interrupted] = [`${run}-whole.db`, `${run++}-interrupted.db`].map((name) =>
          join(folder, name),
        ) as [string, string]
        const open = (path: string): Promise<AsyncStore> =>
          openLearningStore({ storage: `file:${path}` as const, seed: 7 })
        let [one, other] = [await open(whole), await open(interrupted)]
        // Pruning keeps the first 20.
        const first = Array.from({ length: 20 }, (_, i) => ({ id: `first ${i}`, state: 9, action: 'x', reward: 1 }))
        for (const store of [one, other])
          await (await store.agent('a', configuration)).learnMany(first.map((each) => ({ ...each, terminated: true })))
        // The steps of all episodes in turn: one of each, as far as they go; the first is the one without an id.
        const all = given.map(({ steps, end }, i) => experiencesOf(steps, end, i === 0 ? undefined : `${i}`))
        const mixed = Array.from({ length: 8 }, (_, i) => all.flatMap((steps) => steps[i] ?? [])).flat()
        for (const [i, experience] of mixed.entries()) {
          const sent = { ...experience, id: `e${i}` }
          const [agent, again] = [await one.agent('a', configuration), await other.agent('a', configuration)]
          const draw = draws.next().value
          // Some are only recorded.
          if (draw === 3) for (const store of [one, other]) await store.experiences.add('a', sent)
          else expect(await again.learn(sent)).toEqual(await agent.learn(sent))
          // A call that was sent again learns nothing; one that fails leaves nothing behind.
          if (draw === 1) expect((await again.learn(sent)).learned).toBe(false)
          if (draw === 2) await expect(again.learnMany([{ ...sent, id: 'new' }, {} as never])).rejects.toThrow()
          if (draw === 4) for (const store of [one, other]) await store.prune({ experiences: { perAgent: 2 } })
          if (draw === 0) {
            await other.close()
            other = await open(interrupted)
          }
        }
        expect(await valuesIn(other, 'a')).toEqual(await valuesIn(one, 'a'))
        await Promise.all([one.close(), other.close()])
      }),
      { numRuns: isLong ? 20 : 5, seed: 1 },
    )
    rmSync(folder, { recursive: true })
  })

  test('give merged stores equal values, bit for bit, and those of each where they have no state in common', async () => {
    const [a, b] = [await openLearningStore({ storage: 'memory:' }), await openLearningStore({ storage: 'memory:' })]
    for (const [seed, store] of [a, b].entries()) {
      const random = seededRandom(seed, 'merged')
      for (const [id, offset] of [['common', 0] as const, ['apart', seed * 100] as const]) {
        const agent = await store.agent(id, { algorithm, ...GREEDY, traceDecay: 0.8 })
        for (let episode = 0; episode < 5; episode++) {
          const steps = Array.from({ length: 7 }, (_, i) => ({
            state: offset + i,
            action: random.next() < 0.5 ? 'left' : 'right',
            reward: random.next(),
            nextState: offset + i + 1,
          }))
          await agent.learnMany(experiencesOf(steps, 'terminated', `${episode}`))
        }
      }
    }
    const [before, other] = [await a.snapshot(), await b.snapshot()]
    const apart = new Map([...(await valuesIn(a, 'apart')), ...(await valuesIn(b, 'apart'))])
    await a.importFile(other)
    await b.importFile(before)
    const common = await valuesIn(a, 'common')
    expect(common.size).toBe(14)
    expect(await valuesIn(b, 'common')).toEqual(common)
    for (const store of [a, b]) expect(await valuesIn(store, 'apart')).toEqual(apart)
    await Promise.all([a.close(), b.close()])
  })
})

describe('eligibility traces', () => {
  test('end at a step that was only recorded, and begin when they are configured', async () => {
    const store = await openLearningStore({ storage: 'memory:' })
    const one = { ...BY_HAND, algorithm: 'expected-sarsa' } as const
    const steps = [0, 1, 2].map((state) => ({ state, action: 'x', reward: 0, nextState: state + 1 }))
    const last = { state: 3, action: 'x', reward: 8, terminated: true }
    const recorded = await store.agent('recorded', one)
    await recorded.learn(steps[0] as Step)
    await store.experiences.add('recorded', steps[1] as Step)
    await recorded.learnMany([steps[2] as Step, last])
    expect(await valuesIn(store, 'recorded')).toEqual(new Map(Object.entries({ '0 x': 0, '2 x': 2, '3 x': 4 })))
    await (await store.agent('later', { ...one, traceDecay: 0 })).learnMany(steps.slice(0, 2))
    await (await store.agent('later', one)).learnMany([steps[2] as Step, last])
    const later = new Map(Object.entries({ '0 x': 0, '1 x': 0, '2 x': 2, '3 x': 4 }))
    expect(await valuesIn(store, 'later')).toEqual(later)
    await store.close()
  })

  test('end at a deleted experience, and do not bring back a deleted value', async () => {
    const store = await openLearningStore({ storage: 'memory:' })
    const steps = [0, 1, 2].map((state) => ({ id: `${state}`, state, action: 'x', reward: 0, nextState: state + 1 }))
    const last = { state: 3, action: 'x', reward: 8, terminated: true }
    for (const [id, deleted] of [['first', 0] as const, ['second', 1] as const]) {
      const agent = await store.agent(id, { ...BY_HAND, algorithm: 'expected-sarsa' })
      await agent.learnMany(steps)
      expect(await store.experiences.delete({ agentId: id, state: deleted, action: 'x' })).toBe(1)
      await agent.learn(last)
    }
    expect(await valuesIn(store, 'first')).toEqual(new Map(Object.entries({ '1 x': 1, '2 x': 2, '3 x': 4 })))
    expect(await valuesIn(store, 'second')).toEqual(new Map(Object.entries({ '0 x': 0, '2 x': 2, '3 x': 4 })))
    await store.close()
  })

  test('can be configured for an agent of a store with schema 4', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'traces-'))
    const path = join(folder, 'learning.db')
    copyFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'schema-4.db'), path)
    const store = await openLearningStore({ storage: `file:${path}` })
    expect(await (await store.agent('fixture')).status()).toMatchObject({ traceDecay: 0, experienceCount: 1 })
    const agent = await store.agent('fixture', { ...BY_HAND, algorithm: 'sarsa' })
    await agent.learnMany([
      { state: 0, action: 'x', reward: 0, nextState: 1 },
      { state: 1, action: 'x', reward: 8, terminated: true },
    ])
    const learned = new Map(Object.entries({ 's a': 0.1, '0 x': 2, '1 x': 4 }))
    expect(await valuesIn(store, 'fixture')).toEqual(learned)
    await store.close()
    rmSync(folder, { recursive: true })
  })

  test('are refused for algorithms that cannot learn so, and together with n-step returns', async () => {
    const store = await openLearningStore({ storage: 'memory:' })
    const invalid = { code: 'INVALID_ARGUMENT' }
    for (const algorithm of ['double-q-learning', 'lin-ucb'] as const) {
      await expect(store.agent('a', { algorithm, traceDecay: 0.5 })).rejects.toMatchObject(invalid)
    }
    for (const traceDecay of [-0.1, 1.1, Number.NaN, null]) {
      await expect(store.agent('a', { traceDecay: traceDecay as number })).rejects.toMatchObject(invalid)
    }
    await expect(store.agent('a', { nStep: 2, traceDecay: 0.5 })).rejects.toMatchObject(invalid)
    expect(await store.agents.list()).toEqual([])
    await store.agent('a', { nStep: 2 })
    await expect(store.agent('a', { traceDecay: 0.5 })).rejects.toMatchObject(invalid)
    expect(await (await store.agent('a', { nStep: 1, traceDecay: 0.5 })).status()).toMatchObject({ traceDecay: 0.5 })
    await store.close()
  })
})
