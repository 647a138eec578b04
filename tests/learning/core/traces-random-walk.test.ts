// The random walk of Sutton & Barto (2018), example 7.1, learned with eligibility traces by the store and by the book's pseudocode.
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../src/algorithms/random.ts'
import { openLearningStore } from '../../../src/entry/node.ts'
import { expectEqual, experiencesOf, type Values, valuesIn, walk, walkErrorOf } from './episodes.ts'
import { textbook } from './traces-textbook.ts'

describe('the random walk of 19 states (S&B example 7.1)', () => {
  const EPISODES = 10
  const LAMBDAS = [0, 0.4, 0.8, 0.9, 0.95, 1]
  const RATES = [0.1, 0.2, 0.4, 0.6, 0.8, 1]
  // The store reads the traces of an episode again with each step, so it learns with all of them only in long tests.
  const isLong = process.env.LEARNING_STORE_LONG !== undefined
  const [LEARNED_LAMBDAS, LEARNED_RATES] = isLong
    ? [LAMBDAS, RATES]
    : [
        [0.4, 0.8, 0.9],
        [0.2, 0.4],
      ]

  test('has the error of the textbook for every lambda and rate', async () => {
    const figure = new Map<string, number>()
    for (const lambda of LAMBDAS) {
      for (const rate of RATES) {
        let sum = 0
        for (let run = 0; run < 100; run++) {
          const random = seededRandom(run, 'random walk')
          const q: Values = new Map()
          for (let episode = 0; episode < EPISODES; episode++) {
            textbook(q, walk(random), 'terminated', { lambda, rate, discount: 1, algorithm: 'expected-sarsa' })
            sum += walkErrorOf(q)
          }
        }
        figure.set(`lambda ${lambda}, rate ${rate}`, sum / 100 / EPISODES)
      }
    }
    // As figure 7.2 for n-step returns: the mean after each of the first 10 episodes. The two best pairs differ by less than .001.
    const [best] = [...figure].sort(([, a], [, b]) => a - b)
    expect(['lambda 0.8, rate 0.6', 'lambda 0.9, rate 0.4']).toContain(best?.[0])
    expect(best?.[1]).toBeCloseTo(0.25, 2)
    // Without traces it is one-step learning.
    expect(figure.get('lambda 0, rate 0.4')).toBeCloseTo(0.412, 3)

    const store = await openLearningStore({ storage: 'memory:' })
    for (const lambda of LEARNED_LAMBDAS) {
      for (const rate of LEARNED_RATES) {
        const id = `lambda ${lambda}, rate ${rate}`
        const configuration = { discountFactor: 1, learningRate: rate, traceDecay: lambda } as const
        const agent = await store.agent(id, { algorithm: 'expected-sarsa', ...configuration })
        const random = seededRandom(1, 'random walk of the store')
        const q: Values = new Map()
        for (let episode = 0; episode < EPISODES; episode++) {
          const steps = walk(random)
          await agent.learnMany(experiencesOf(steps, 'terminated', `${episode}`))
          textbook(q, steps, 'terminated', { lambda, rate, discount: 1, algorithm: 'expected-sarsa' })
          // Traces below a millionth are 0 in the store.
          expectEqual(await valuesIn(store, id), q, 4)
        }
      }
    }
    await store.close()
  })
})
