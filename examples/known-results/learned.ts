import type { Algorithm, AsyncStore } from 'learning-store'
import { cliffWalking } from '../environments/cliff-walking.ts'
import { dynaMaze } from '../environments/dyna-maze.ts'
import type { Random } from '../environments/environment.ts'
import { type AsyncLearner, runEpisodeAsync } from '../environments/episode.ts'
import { learnerOf } from '../environments/learner.ts'
import { randomWalk } from '../environments/random-walk.ts'
import { seeded } from '../prioritization/seeded.ts'
import type { OpenStore, Row } from './row.ts'

/** Means over many runs in which agents of a store choose and learn. All runs are interleaved. */

async function meanOfRuns(
  open: OpenStore,
  runs: number,
  run: (store: AsyncStore, i: number) => Promise<number>,
): Promise<readonly number[]> {
  await using store = await open()
  const results = await Promise.all(Array.from({ length: runs }, (_, i) => run(store, i)))
  return [meanOf(results)]
}

/** Every option that matters is written out, so that the results do not depend on defaults. */
const EPSILON_GREEDY = {
  learningRateSchedule: 'constant',
  policy: 'epsilon-greedy',
  explorationRate: 0.1,
  explorationDecay: 1,
  minExplorationRate: 0.01,
  planningSteps: 0,
  initialValue: 0,
  unseenStates: 'uniform',
  rewardRange: null,
  rewardScale: 1,
} as const
const CLIFF = { ...EPSILON_GREEDY, learningRate: 0.5, discountFactor: 1 }
/** For deterministic environments. */
const DETERMINISTIC: Random = { next: () => 0 }

function cliff(algorithm: Algorithm, published: string, expected: number, tolerance: number): Row {
  return {
    title: `${algorithm} on the cliff, rate .5, epsilon .1, mean return of episodes 401-500`,
    runs: 30,
    published,
    expected: [expected],
    tolerance,
    measure: (open, runs) =>
      meanOfRuns(open, runs, async (store, i) => {
        const agent = await store.agent(`${algorithm} ${i}`, { ...CLIFF, algorithm })
        const learner = learnerOf(agent, cliffWalking)
        const returns: number[] = []
        for (let episode = 0; episode < 500; episode++) {
          returns.push((await runEpisodeAsync(cliffWalking, learner, DETERMINISTIC)).return)
        }
        return meanOf(returns.slice(400))
      }),
  }
}

/**
 * Values start at 1/2 in the book and at 0 in the store, so rewards are shifted by -1/2. 300 runs instead of 100: one run has a standard
 * deviation of .028 at rate .15, and the mean of 100 would sometimes miss the tolerance.
 */
function walk(learningRate: number, expected: number): Row {
  return {
    title: `TD(0) on the 5-state walk, rate ${learningRate}, RMS error after 100 episodes`,
    runs: 300,
    published: 'S&B, figure 6.2',
    expected: [expected],
    tolerance: 0.006,
    measure: (open, runs) =>
      meanOfRuns(open, runs, async (store, i) => {
        const agent = await store.agent(`walk ${i}`, {
          ...EPSILON_GREEDY,
          algorithm: 'q-learning',
          learningRate,
          discountFactor: 1,
        })
        const next = seeded(i)
        const learner: AsyncLearner<number> = {
          selectAction: async () => 0,
          update: async ({ reward, terminated, ...rest }) => {
            await agent.learn({ ...rest, terminated, action: 'walk', reward: terminated ? reward - 0.5 : reward })
          },
        }
        for (let episode = 0; episode < 100; episode++) await runEpisodeAsync(randomWalk(), learner, { next })
        const states = [1, 2, 3, 4, 5]
        const values = await store.values.getMany(agent.id, states)
        return Math.sqrt(meanOf(states.map((s, at) => ((values[at]?.[0]?.value ?? 0) + 0.5 - s / 6) ** 2)))
      }),
  }
}

const MAZE = { ...EPSILON_GREEDY, algorithm: 'q-learning', learningRate: 0.1, discountFactor: 0.95 } as const

/** The tolerance is the narrower side of a factor of 1.5. */
function maze(planningSteps: number, published: string, expected: number): Row {
  return {
    title: `Dyna-Q, n = ${planningSteps}, in the Dyna maze, rate .1, discount .95, epsilon .1, steps in episode 3`,
    runs: 30,
    published: `solved in ${published} episodes (S&B, figure 8.2)`,
    expected: [expected],
    tolerance: expected / 3,
    measure: (open, runs) =>
      meanOfRuns(open, runs, async (store, i) => {
        const learner = learnerOf(await store.agent(`maze ${i}`, { ...MAZE, planningSteps }), dynaMaze)
        let steps = 0
        for (let episode = 0; episode < 3; episode++) {
          steps = (await runEpisodeAsync(dynaMaze, learner, DETERMINISTIC)).steps
        }
        return steps
      }),
  }
}

export const LEARNED: readonly Row[] = [
  cliff('q-learning', 'about -50 (S&B, example 6.6)', -49.9, 3),
  cliff('sarsa', 'about -25 (S&B, example 6.6)', -27.7, 3),
  cliff('expected-sarsa', 'best of the three (van Seijen et al., 2009)', -20.9, 1),
  walk(0.05, 0.038),
  walk(0.1, 0.059),
  walk(0.15, 0.074),
  maze(0, '25', 546),
  maze(5, '5', 55),
  maze(50, '3', 18),
]

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, x) => sum + x, 0) / numbers.length
}
