import { cliffWalking } from '../environments/cliff-walking.ts'
import { frozenLake } from '../environments/frozen-lake.ts'
import { randomWalk } from '../environments/random-walk.ts'
import type { TabularEnvironment } from '../environments/tabular.ts'
import { taxi } from '../environments/taxi.ts'
import { bestActions, followed, planned, stateValue } from './recorded.ts'
import type { Row } from './row.ts'

/** The exact values of published transition tables, which a store derives from experiences. */

const CLIFF_START = 36
const slippery = frozenLake()

/** n sweeps give the value within n + 1 steps. */
const WITHIN_100_STEPS = { maxSweeps: 99, tolerance: 0 }

function startValue(
  title: string,
  environment: TabularEnvironment,
  discountFactor: number,
  [published, expected]: readonly [string, number],
): Row {
  return {
    title,
    published,
    expected: [expected],
    tolerance: 1e-6,
    measure: async (open) => {
      await using store = await open()
      const agent = await planned(store, environment, { discountFactor }, { tolerance: 1e-12 })
      return [await stateValue(store, agent, environment.startStates[0] ?? 0)]
    },
  }
}

export const EXACT: readonly Row[] = [
  startValue('FrozenLake 4x4, slippery, V*(start), discount .9', slippery, 0.9, ['0.068891', 0.068891]),
  startValue('FrozenLake 4x4, slippery, V*(start), discount .95', slippery, 0.95, ['0.180472', 0.180472]),
  startValue('FrozenLake 4x4, slippery, V*(start), discount .99', slippery, 0.99, ['0.542026', 0.542026]),
  startValue('FrozenLake 4x4, slippery, V*(start), discount 1', slippery, 1, ['14/17', 14 / 17]),
  startValue('FrozenLake 4x4, not slippery, V*(start), discount .99', frozenLake({ slippery: false }), 0.99, [
    '0.950990',
    0.95099,
  ]),
  {
    title: 'FrozenLake 4x4, slippery, best success within 100 steps',
    published: '0.744190',
    expected: [0.74419],
    tolerance: 1e-6,
    measure: async (open) => {
      await using store = await open()
      return [await stateValue(store, await planned(store, slippery, { discountFactor: 1 }, WITHIN_100_STEPS), 0)]
    },
  },
  {
    title: 'FrozenLake 4x4, slippery, success within 100 steps of the policy optimal for .99',
    published: '0.740165',
    expected: [0.740165],
    tolerance: 1e-6,
    measure: async (open) => {
      await using store = await open()
      const best = await bestActions(store, await planned(store, slippery, { discountFactor: 0.99 }), slippery)
      const weights = (state: number): number[] => best[state]?.map((isBest) => (isBest ? 1 : 0)) ?? []
      return [await stateValue(store, await followed(store, slippery, weights, WITHIN_100_STEPS), 0)]
    },
  },
  startValue('CliffWalking, V*(start)', cliffWalking, 1, ['-13', -13]),
  {
    title: 'CliffWalking, Q*(start) of up, right, down, left',
    published: '-13, -113, -14, -14',
    expected: [-13, -113, -14, -14],
    tolerance: 0,
    measure: async (open) => {
      await using store = await open()
      const agent = await planned(store, cliffWalking, { discountFactor: 1 })
      const values = await store.values.get(agent.id, CLIFF_START)
      return cliffWalking.actionNames.map((name) => values.find(({ action }) => action === name)?.value ?? Number.NaN)
    },
  },
  {
    title: 'CliffWalking, return of epsilon-greedy (.1) on Q*',
    published: '-50.80',
    expected: [-50.8],
    tolerance: 0.005,
    measure: async (open) => {
      await using store = await open()
      const best = await bestActions(store, await planned(store, cliffWalking, { discountFactor: 1 }), cliffWalking)
      // In fortieths: .9 shared by the best, and .1 by all four.
      const weights = (state: number): number[] => {
        const shares = best[state] ?? []
        return shares.map((isBest) => 1 + (isBest ? 36 / shares.filter(Boolean).length : 0))
      }
      return [await stateValue(store, await followed(store, cliffWalking, weights), CLIFF_START)]
    },
  },
  {
    title: 'CliffWalking, return of the best epsilon-soft (.1) policy',
    published: '-20.7077',
    expected: [-20.7077],
    tolerance: 5e-5,
    measure: async (open) => {
      await using store = await open()
      const agent = await planned(store, cliffWalking, { discountFactor: 1 }, { epsilon: 0.1 })
      const values = (await store.values.get(agent.id, CLIFF_START)).map(({ value }) => value)
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      return [0.9 * Math.max(...values) + 0.1 * mean]
    },
  },
  {
    title: 'Taxi-v3, optimal return over the 300 starts: mean, least, most; mean steps',
    published: '7.93, 3, 15; 13.07',
    expected: [7.93, 3, 15, 13.07],
    tolerance: 0.005,
    measure: async (open) => {
      await using store = await open()
      const agent = await planned(store, taxi, { discountFactor: 1 })
      const returns = await Promise.all(taxi.startStates.map((state) => stateValue(store, agent, state)))
      const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length
      // The optimal return is 20 for the last step and -1 for each before it.
      return [mean, Math.min(...returns), Math.max(...returns), 21 - mean]
    },
  },
  {
    title: '5-state random walk, v of the states',
    published: '1/6, 2/6, 3/6, 4/6, 5/6 (S&B, example 6.2)',
    expected: [1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6],
    tolerance: 1e-12,
    measure: async (open) => {
      await using store = await open()
      const agent = await planned(store, randomWalk(), { discountFactor: 1 }, { tolerance: 1e-14 })
      return Promise.all([1, 2, 3, 4, 5].map((state) => stateValue(store, agent, state)))
    },
  },
]
