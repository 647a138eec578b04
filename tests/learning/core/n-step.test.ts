// n-step returns against independent implementations of the book's pseudocode, on the same steps.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../src/algorithms/random.ts'
import { type AsyncStore, type LearnerConfiguration, openLearningStore } from '../../../src/entry/node.ts'
import {
  bestOf,
  type End,
  episodes,
  expectEqual,
  experiencesOf,
  keyOf,
  type Step,
  type Values,
  valuesIn,
  walk,
  walkErrorOf,
} from './episodes.ts'

/** Sutton & Barto (2018), section 7.1 and 7.2: the episode is over before its values are computed, in the order of time. */
function textbook(
  q: Values,
  episode: readonly Step[],
  end: End,
  { n, rate, discount, algorithm }: { n: number; rate: number; discount: number; algorithm: string },
): void {
  const steps = episode.length
  const bestIn = (state: number): number => bestOf(q, state)
  const update = (tau: number, last: number, bootstrap: number): void => {
    let target = bootstrap
    for (let i = last; i >= tau; i--) target = (episode[i]?.reward ?? 0) + discount * target
    const { state, action } = episode[tau] as Step
    const before = q.get(keyOf(state, action)) ?? 0
    q.set(keyOf(state, action), before + rate * (target - before))
  }
  for (let t = 0; t < steps; t++) {
    const { state, action, nextState } = episode[t] as Step
    if (algorithm === 'sarsa' && t - n >= 0) update(t - n, t - 1, q.get(keyOf(state, action)) ?? 0)
    const isEnd = t === steps - 1
    if (!isEnd && algorithm !== 'sarsa' && t - n + 1 >= 0) update(t - n + 1, t, bestIn(nextState))
    if (!isEnd) continue
    for (let tau = Math.max(0, t - n + 1); tau <= t; tau++) update(tau, t, end === 'terminated' ? 0 : bestIn(nextState))
  }
}

describe('the random walk of 19 states (S&B example 7.1)', () => {
  const EPISODES = 10
  const SIZES = [1, 2, 4, 8, 16]
  const RATES = [0.1, 0.2, 0.4, 0.6, 0.8, 1]

  test('has the error of the textbook for every n and rate, least near n = 4 and a rate of .4', async () => {
    // Figure 7.2: the error after each of the first 10 episodes, mean over 100 repetitions.
    const figure = new Map<string, number>()
    for (const n of SIZES) {
      for (const rate of RATES) {
        let sum = 0
        for (let run = 0; run < 100; run++) {
          const random = seededRandom(run, 'random walk')
          const q: Values = new Map()
          for (let episode = 0; episode < EPISODES; episode++) {
            textbook(q, walk(random), 'terminated', { n, rate, discount: 1, algorithm: 'expected-sarsa' })
            sum += walkErrorOf(q)
          }
        }
        figure.set(`n = ${n}, rate ${rate}`, sum / 100 / EPISODES)
      }
    }
    const [best] = [...figure].sort(([, a], [, b]) => a - b)
    expect(best?.[0]).toBe('n = 4, rate 0.4')
    expect(best?.[1]).toBeCloseTo(0.259, 2)

    const store = await openLearningStore({ storage: 'memory:' })
    for (const n of SIZES) {
      for (const rate of RATES) {
        const id = `n = ${n}, rate ${rate}`
        const configuration = { algorithm: 'expected-sarsa', discountFactor: 1, learningRate: rate, nStep: n } as const
        const agent = await store.agent(id, configuration)
        const random = seededRandom(1, 'random walk of the store')
        const q: Values = new Map()
        for (let episode = 0; episode < EPISODES; episode++) {
          const steps = walk(random)
          await agent.learnMany(experiencesOf(steps, 'terminated', `${episode}`))
          textbook(q, steps, 'terminated', { n, rate, discount: 1, algorithm: 'expected-sarsa' })
          expectEqual(await valuesIn(store, id), q, 10)
        }
      }
    }
    await store.close()
  })
})

const GREEDY = { explorationRate: 0, minExplorationRate: 0 } as const

describe.each(['q-learning', 'sarsa', 'expected-sarsa'] as const)('n-step %s', (algorithm) => {
  test('has the values of the textbook', async () => {
    await fc.assert(
      fc.asyncProperty(episodes, fc.integer({ min: 1, max: 6 }), async (given, n) => {
        const store = await openLearningStore({ storage: 'memory:' })
        const agent = await store.agent('a', { algorithm, ...GREEDY, learningRate: 0.5, discountFactor: 0.9, nStep: n })
        const q: Values = new Map()
        for (const [i, { steps, end }] of given.entries()) {
          for (const one of experiencesOf(steps, end, `${i}`)) await agent.learn(one)
          textbook(q, steps, end, { n, rate: 0.5, discount: 0.9, algorithm })
        }
        // Two best actions share the greedy probability, so expected SARSA is the greedy value up to rounding.
        expectEqual(await valuesIn(store, 'a'), q, 10)
        await store.close()
      }),
      { numRuns: 60, seed: 1 },
    )
  })

  test('goes on with episodes after the store was closed, in any mixture, as if it had not been', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'n-step-'))
    const configuration: Partial<LearnerConfiguration> = { algorithm, nStep: 3, learningRateSchedule: 'sample-average' }
    let run = 0
    await fc.assert(
      fc.asyncProperty(episodes, fc.infiniteStream(fc.integer({ min: 0, max: 4 })), async (given, draws) => {
        const [whole, interrupted] = [`${run}-whole.db`, `${run++}-interrupted.db`].map((name) =>
          join(folder, name),
        ) as [string, string]
        const open = (path: string): Promise<AsyncStore> =>
          openLearningStore({ storage: `file:${path}` as const, seed: 7 })
        let [one, other] = [await open(whole), await open(interrupted)]
        // The steps of all episodes in turn: one of each, as far as they go.
        const all = given.map(({ steps, end }, i) => experiencesOf(steps, end, `${i}`))
        const mixed = Array.from({ length: 8 }, (_, i) => all.flatMap((steps) => steps[i] ?? [])).flat()
        for (const [i, experience] of mixed.entries()) {
          const sent = { ...experience, id: `e${i}` }
          const result = await (await one.agent('a', configuration)).learn(sent)
          const agent = await other.agent('a', configuration)
          expect(await agent.learn(sent)).toEqual(result)
          const draw = draws.next().value
          // A call that was sent again learns nothing; one that fails leaves nothing behind.
          if (draw === 1) expect((await agent.learn(sent)).learned).toBe(false)
          if (draw === 2) await expect(agent.learnMany([{ ...sent, id: 'new' }, {} as never])).rejects.toThrow()
          if (draw === 0) {
            await other.close()
            other = await open(interrupted)
          }
        }
        expect(await valuesIn(other, 'a')).toEqual(await valuesIn(one, 'a'))
        await Promise.all([one.close(), other.close()])
      }),
      { numRuns: 10, seed: 1 },
    )
    rmSync(folder, { recursive: true })
  })
})

describe('n-step learning', () => {
  test('learns what an episode leaves behind when it goes on elsewhere, with the rewards that it has', async () => {
    const store = await openLearningStore({ storage: 'memory:' })
    const agent = await store.agent('a', { nStep: 5, learningRate: 1, discountFactor: 0.5 })
    await agent.learn({ state: 'a', action: 'x', reward: 1, nextState: 'b' })
    const { value } = await agent.learn({ state: 'b', action: 'x', reward: 2, nextState: 'c' })
    expect(value).toBeUndefined()
    expect(await agent.values.list()).toEqual([])
    await agent.learn({ state: 'elsewhere', action: 'x', reward: 0, nextState: 'f' })
    expect((await valuesIn(store, 'a')).get('a x')).toBe(1 + 0.5 * 2)
    expect((await valuesIn(store, 'a')).get('b x')).toBe(2)
    await store.close()
  })

  test('gives merged stores equal values, bit for bit', async () => {
    const [a, b] = [await openLearningStore({ storage: 'memory:' }), await openLearningStore({ storage: 'memory:' })]
    for (const [seed, store] of [a, b].entries()) {
      const agent = await store.agent('a', { algorithm: 'sarsa', nStep: 3 })
      const random = seededRandom(seed, 'merged')
      for (let episode = 0; episode < 5; episode++) {
        const steps = Array.from({ length: 7 }, (_, state) => ({
          state,
          action: 'x',
          reward: random.next(),
          nextState: state + 1,
        }))
        await agent.learnMany(experiencesOf(steps, 'terminated', `${episode}`))
      }
    }
    const [before, other] = [await a.snapshot(), await b.snapshot()]
    await a.importFile(other)
    await b.importFile(before)
    const values = await valuesIn(a, 'a')
    expect(values.size).toBe(7)
    expect(await valuesIn(b, 'a')).toEqual(values)
    await Promise.all([a.close(), b.close()])
  })

  test('is refused for algorithms that cannot learn so', async () => {
    const store = await openLearningStore({ storage: 'memory:' })
    for (const algorithm of ['double-q-learning', 'lin-ucb'] as const) {
      await expect(store.agent('a', { algorithm, nStep: 2 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
    for (const nStep of [0, 1.5, 1001, null]) {
      await expect(store.agent('a', { nStep: nStep as number })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
    expect(await store.agents.list()).toEqual([])
    await store.close()
  })
})
