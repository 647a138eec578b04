import { expect, test } from 'vitest'
import { drawIndex } from '../../../src/algorithms/exploration.ts'
import { ESTIMATORS } from '../../../src/algorithms/off-policy.ts'
import { seededRandom } from '../../../src/algorithms/random.ts'
import { clockedStore } from '../clocked-store.ts'

const RUNS = 120

/** Each state pays 1 with these probabilities, by arm; the shares of the arms in the log and of the target policy. */
interface Bandit {
  readonly pays: readonly (readonly number[])[]
  readonly logged: readonly number[]
  readonly target: readonly number[]
}

const BANDITS: { readonly [name: string]: Bandit } = {
  'logged uniformly': {
    pays: [
      [0.1, 0.3, 0.5],
      [0.8, 0.6, 0.2],
    ],
    logged: [1 / 3, 1 / 3, 1 / 3],
    target: [0.15, 0.15, 0.7],
  },
  'logged epsilon-greedily': {
    pays: [
      [0.1, 0.3, 0.5],
      [0.8, 0.6, 0.2],
    ],
    logged: [0.6, 0.2, 0.2],
    target: [0.15, 0.15, 0.7],
  },
  'with a target that nearly always succeeds and was logged rarely': {
    pays: [[0.5, 0.95]],
    logged: [0.7, 0.3],
    target: [0, 1],
  },
  'of ten states and five arms': {
    pays: Array.from({ length: 10 }, (_, s) => Array.from({ length: 5 }, (_, a) => 0.1 + ((3 * s + 2 * a) % 9) / 10)),
    logged: [0.2, 0.2, 0.2, 0.2, 0.2],
    target: [0.05, 0.05, 0.1, 0.1, 0.7],
  },
}

test.each(Object.entries(BANDITS))('intervals cover the value of a policy in a bandit %s', (name, bandit) => {
  const { pays, logged, target } = bandit
  const earned = (chances: readonly number[]): number =>
    chances.reduce((sum, p, arm) => sum + p * (target[arm] ?? 0), 0)
  const truth = pays.reduce((sum, chances) => sum + earned(chances), 0) / pays.length
  const probabilities = pays.flatMap((_, state) =>
    target.map((probability, action) => ({ state, action, probability })),
  )
  const actions = target.map((_, action) => action)
  for (const decisions of [30, 100, 300]) {
    const random = seededRandom(14, `coverage ${name} ${decisions}`)
    const { store, connection } = clockedStore()
    const covered = ESTIMATORS.map(() => 0)
    for (let run = 0; run < RUNS; run++) {
      const logger = store.agent(`agent-${run}`)
      const log = Array.from({ length: decisions }, (_, i) => {
        const state = Math.floor(random.next() * pays.length)
        const action = drawIndex(logged, random.next())
        const reward = random.next() < (pays[state]?.[action] ?? 0) ? 1 : 0
        const behaviorProbability = logged[action] ?? 0
        return { state, action, reward, terminated: true, episodeId: `e${i}`, behaviorProbability, actions }
      })
      logger.learnMany(log)
      for (const [e, estimator] of ESTIMATORS.entries()) {
        const { interval } = store.evaluatePolicy({ probabilities }, { agentId: logger.id, estimator })
        if (interval.lower <= truth && truth <= interval.upper) covered[e] = (covered[e] ?? 0) + 1
      }
    }
    connection.close()
    // The smallest coverage in 800 other logs of each kind was .85; three standard errors of 120 logs are .098.
    for (const [e, estimator] of ESTIMATORS.entries()) {
      expect((covered[e] ?? 0) / RUNS, `${estimator} of ${decisions}`).toBeGreaterThan(0.75)
    }
    expect(covered.reduce((sum, count) => sum + count, 0) / ESTIMATORS.length / RUNS).toBeGreaterThan(0.85)
  }
})
