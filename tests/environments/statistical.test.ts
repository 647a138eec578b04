// The rows under "Statistical" of the known results that are about values; published figures: Sutton & Barto (2018), examples 6.6, 6.2
// and 8.1; van Seijen et al. (2009). Generators are named after what they are for, with seed 1 throughout: no seed was searched for.
import { describe, expect, test } from 'vitest'
import { cliffWalking } from '../../examples/environments/cliff-walking.ts'
import { dynaMaze } from '../../examples/environments/dyna-maze.ts'
import { runEpisode } from '../../examples/environments/episode.ts'
import { randomWalk } from '../../examples/environments/random-walk.ts'
import { seededRandom } from '../../src/algorithms/random.ts'
import { momentsOf } from '../../src/algorithms/statistics.ts'
import { step, tdLearning } from '../../src/algorithms/value-learning.ts'
import { DynaLearner } from './dyna-learner.ts'
import { type Rule, TableLearner } from './table-learner.ts'

const SEED = 1

/** The mean over runs 0 .. count - 1. */
const meanOf = (count: number, run: (i: number) => number): number =>
  momentsOf(Array.from({ length: count }, (_, i) => run(i))).mean

describe('the cliff: mean return of episodes 401-500, rate .5, epsilon .1, 30 runs', () => {
  test.each<[Rule, number, number]>([
    ['q-learning', -49.9, 3],
    ['sarsa', -27.7, 3],
    ['expected-sarsa', -20.9, 1],
  ])('%s returns %d', (rule, expected, tolerance) => {
    const mean = meanOf(30, (run) => {
      const random = seededRandom(SEED, `${rule} ${run}`)
      const settings = { actions: 4, stepSize: 0.5, discount: 1, epsilon: 0.1, random }
      const learner = new TableLearner(rule, settings)
      const returns = Array.from({ length: 500 }, () => runEpisode(cliffWalking, learner, random).return)
      return momentsOf(returns.slice(400)).mean
    })
    expect(Math.abs(mean - expected), `${mean}`).toBeLessThan(tolerance)
  })
})

// The known results state 100 runs. The standard deviation of one run is .028 at rate .15, so that 100 runs alone miss the tolerance
// now and then; 1000 do not.
describe('TD(0) on the 5-state walk: RMS error after 100 episodes from 1/2, 1000 runs', () => {
  test.each([
    [0.05, 0.038],
    [0.1, 0.059],
    [0.15, 0.074],
  ])('rate %d is off by %d', (rate, expected) => {
    const walk = randomWalk()
    const mean = meanOf(1000, (run) => {
      const random = seededRandom(SEED, `walk ${rate} ${run}`)
      const values = [0, 0.5, 0.5, 0.5, 0.5, 0.5, 0]
      const learner = {
        selectAction: () => 0,
        update: ({ state = 0, reward = 0, nextState = 0, terminated = false }) => {
          const v = values[state] ?? 0
          values[state] = step(v, tdLearning(v, reward, terminated ? 0 : 1, values[nextState] ?? 0), rate)
        },
      }
      for (let episode = 0; episode < 100; episode++) runEpisode(walk, learner, random)
      return Math.sqrt(momentsOf([1, 2, 3, 4, 5].map((state) => ((values[state] ?? 0) - state / 6) ** 2)).mean)
    })
    expect(Math.abs(mean - expected), `${mean}`).toBeLessThan(0.006)
  })
})

describe('Dyna-Q in the maze: steps in episode 3, rate .1, discount .95, epsilon .1, 30 runs', () => {
  test.each([
    [0, 546],
    [5, 55],
    [50, 18],
  ])('with %d planning steps takes %d', (planningSteps, expected) => {
    const mean = meanOf(30, (run) => {
      const random = seededRandom(SEED, `maze ${planningSteps} ${run}`)
      const settings = { actions: 4, planningSteps, stepSize: 0.1, discount: 0.95, epsilon: 0.1, random }
      const learner = new DynaLearner(settings)
      const steps = [1, 2, 3].map(() => runEpisode(dynaMaze, learner, random).steps)
      return steps[2] ?? 0
    })
    expect(mean / expected, `${mean}`).toBeGreaterThan(1 / 1.5)
    expect(mean / expected, `${mean}`).toBeLessThan(1.5)
  })
})
