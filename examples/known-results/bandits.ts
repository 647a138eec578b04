import type { AsyncAgent, AsyncStore, LearnerConfiguration } from 'learning-store'
import { type Bandit, bernoulliBandit, testbedBandit } from '../environments/bandits.ts'
import { linearBandit } from '../environments/contextual-bandit.ts'
import { seeded } from '../prioritization/seeded.ts'
import type { OpenStore, Row } from './row.ts'

/** Bandits played by agents of a store. A run is one agent with one problem; each store holds a few runs, to stay small. */

const RUNS_PER_STORE = 25

type Configuration = Partial<LearnerConfiguration>
type PolicyName = LearnerConfiguration['policy']

/** Values are the means of the rewards. Every option is written out, so that the results do not depend on defaults. */
const AVERAGES: Configuration = {
  algorithm: 'q-learning',
  learningRateSchedule: 'sample-average',
  discountFactor: 0,
  policy: 'epsilon-greedy',
  explorationRate: 0.3,
  explorationDecay: 1,
  minExplorationRate: 0,
  ucbScale: Math.SQRT2,
  planningSteps: 0,
  initialValue: 0,
  unseenStates: 'uniform',
  rewardRange: null,
  rewardScale: 1,
}

async function runs<Result>(
  open: OpenStore,
  count: number,
  run: (store: AsyncStore, i: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  while (results.length < count) {
    await using store = await open()
    const size = Math.min(RUNS_PER_STORE, count - results.length)
    const from = results.length
    results.push(...(await Promise.all(Array.from({ length: size }, (_, i) => run(store, from + i)))))
  }
  return results
}

/** Pulls arms, learns from the rewards and calls `onPull` for each. */
async function play(
  agent: AsyncAgent,
  { actionNames, step }: Bandit,
  pulls: number,
  random: { next(): number },
  onPull: (arm: number, t: number) => void,
): Promise<void> {
  for (let t = 1; t <= pulls; t++) {
    const { action } = await agent.selectAction(0, { actions: actionNames })
    const arm = actionNames.indexOf(String(action))
    await agent.learn({ state: 0, action, reward: step(0, arm, random).reward, terminated: true })
    onPull(arm, t)
  }
}

function testbed(
  title: string,
  configuration: Configuration,
  published: string,
  expected: number,
  tolerance: number,
): Row {
  return {
    title: `${title} in the 10-armed testbed, sample averages, best arm in step 1,000 in % of the runs`,
    runs: 500,
    published,
    expected: [expected],
    tolerance,
    measure: async (open, count) => {
      const hits = await runs(open, count, async (store, i) => {
        const random = { next: seeded(i) }
        const bandit = testbedBandit(random)
        const agent = await store.agent(`testbed ${i}`, { ...AVERAGES, ...configuration })
        let last = 0
        await play(agent, bandit, 1_000, random, (arm) => {
          last = arm
        })
        return bandit.means[last] === Math.max(...bandit.means) ? 100 : 0
      })
      return [meanOf(hits)]
    },
  }
}

interface RegretTask {
  readonly title: string
  readonly means: readonly number[]
  readonly pulls: number
  readonly runs: number
  readonly configuration: Configuration
}

function regret(
  { title, means, pulls, runs: count, configuration }: RegretTask,
  published: string,
  expected: number,
  tolerance: number,
): Row {
  const best = Math.max(...means)
  return {
    title: `${title}, arms that pay ${means.map((mean) => String(mean).slice(1)).join(', ')}, regret after ${pulls.toLocaleString('en')} pulls`,
    runs: count,
    published,
    expected: [expected],
    tolerance,
    measure: async (open, count) => {
      const regrets = await runs(open, count, async (store, i) => {
        const agent = await store.agent(`arms ${i}`, configuration)
        let sum = 0
        await play(agent, bernoulliBandit(means), pulls, { next: seeded(i) }, (arm) => {
          sum += best - (means[arm] ?? 0)
        })
        return sum
      })
      return [meanOf(regrets)]
    },
  }
}

function regretOfTwo(title: string, policy: PolicyName, published: string, expected: number, tolerance: number): Row {
  const configuration = { ...AVERAGES, policy }
  return regret({ title, means: [0.9, 0.6], pulls: 10_000, runs: 100, configuration }, published, expected, tolerance)
}

/** What an agent does without options. */
function regretOfFive(title: string, policy: PolicyName, published: string, expected: number, tolerance: number): Row {
  const configuration: Configuration = { policy, discountFactor: 0 }
  const task = {
    title: `${title}, defaults`,
    means: [0.5, 0.45, 0.4, 0.35, 0.3],
    pulls: 2_000,
    runs: 200,
    configuration,
  }
  return regret(task, published, expected, tolerance)
}

const CONTEXTS = 2_000

/** The fraction of the regret that remains if the agent sees the context. */
const LINEAR: Row = {
  title: 'LinUCB, 5 features, 5 arms, 2,000 steps: regret as a share of that of UCB1 without context',
  runs: 10,
  published: 'less than a tenth',
  expected: [0.05],
  tolerance: 0.05,
  measure: async (open, count) => {
    const regrets = await runs(open, count, async (store, i) => {
      const bandit = linearBandit({ next: seeded(i) })
      const { actionNames, meanOf: meanReward, reset, step } = bandit
      const seeing = await store.agent(`seeing ${i}`, { algorithm: 'lin-ucb', ucbScale: 1 })
      const blind = await store.agent(`blind ${i}`, { ...AVERAGES, policy: 'ucb1' })
      const random = { next: seeded(i + 1_000) }
      const regret = { seeing: 0, blind: 0 }
      for (let t = 0; t < CONTEXTS; t++) {
        const x = reset(random)
        const best = Math.max(...actionNames.map((_, arm) => meanReward(x, arm)))
        for (const [name, agent, state] of [
          ['seeing', seeing, x],
          ['blind', blind, 0],
        ] as const) {
          const { action } = await agent.selectAction(state, { actions: actionNames })
          const arm = actionNames.indexOf(String(action))
          regret[name] += best - meanReward(x, arm)
          await agent.learn({ state, action, reward: step(x, arm, random).reward, terminated: true })
        }
      }
      return regret
    })
    return [meanOf(regrets.map(({ seeing }) => seeing)) / meanOf(regrets.map(({ blind }) => blind))]
  },
}

/** Regret in the setting of Li et al. (2010), with 8 features, 6 arms and noise of .1. */
function linearRegret(algorithm: 'lin-ucb' | 'lin-ts', published: string, expected: number, tolerance: number): Row {
  return {
    title: `${algorithm}, defaults, 8 features, 6 arms, regret after 1,000 steps`,
    runs: 20,
    published,
    expected: [expected],
    tolerance,
    measure: async (open, count) => {
      const regrets = await runs(open, count, async (store, i) => {
        const { actionNames, meanOf: meanReward, reset, step } = linearBandit({ next: seeded(i) }, 8, 6)
        const agent = await store.agent(`linear ${i}`, { algorithm })
        const random = { next: seeded(i + 1_000) }
        let regret = 0
        for (let t = 0; t < 1_000; t++) {
          const x = reset(random)
          const { action } = await agent.selectAction(x, { actions: actionNames })
          const arm = actionNames.indexOf(String(action))
          regret += Math.max(...actionNames.map((_, other) => meanReward(x, other))) - meanReward(x, arm)
          await agent.learn({ state: x, action, reward: step(x, arm, random).reward, terminated: true })
        }
        return regret
      })
      return [meanOf(regrets)]
    },
  }
}

const AUER = 'bound 246.9 (Auer et al., 2002)'

export const TESTBED: readonly Row[] = [
  testbed('greedy', { explorationRate: 0 }, 'about 33 (S&B, figure 2.2)', 37, 6),
  testbed('epsilon .1', { explorationRate: 0.1 }, 'never above 91 (S&B, section 2.3)', 80, 6),
  testbed('epsilon .01', { explorationRate: 0.01 }, '-', 59, 6),
  testbed('UCB, c = 2,', { policy: 'ucb1', ucbScale: 2 }, '-', 86, 5),
  testbed('Thompson sampling, normal,', { policy: 'thompson-gaussian' }, '-', 92, 5),
]

export const REGRETS: readonly Row[] = [
  regretOfTwo('UCB1', 'ucb1', AUER, 47.2, 8),
  regretOfTwo('Thompson sampling, Beta', 'thompson-beta', AUER, 5.5, 2.5),
  regretOfFive('Thompson sampling, Beta', 'thompson-beta', 'goal: at most 55', 48, 7),
  regretOfFive('UCB1', 'ucb1', 'goal: at most 75', 62, 10),
  regretOfFive('softmax', 'softmax', 'goal: at most 100', 93, 7),
  LINEAR,
  linearRegret('lin-ucb', 'goal: at most 20', 17, 3),
  linearRegret('lin-ts', '-', 21, 5),
]

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, x) => sum + x, 0) / numbers.length
}
