import type { ActionValue, AsyncStore, Experience, JsonValue } from 'learning-store'
import type { VisibleTest } from './cycles.ts'
import type { Outcome, Prioritizer } from './prioritizer.ts'

/** The risk of a state without experiences, between that of most tests and that of a failing one: what is unknown is tried early. */
const INITIAL_RISK = 0.2
/** The weight of the more general states, in visits. */
const PRIOR_VISITS = 3
/** The shorter of two tests with the same risk comes first; 0.5 would let the duration outweigh the risk where failures are rare. */
const DURATION_EXPONENT = 0.25

/**
 * An agent that learns how likely tests are to fail. All that it learns is in the store: it reads the values before it orders, and
 * learns from the verdicts.
 */
export async function learner(store: AsyncStore, id: string): Promise<Required<Prioritizer>> {
  const agent = await store.agent(id, {
    type: 'qe-regression-risk-analyzer',
    learningRate: 0.2,
    initialValue: INITIAL_RISK,
  })
  return {
    async order(tests) {
      const values = await store.values.getMany(id, tests.flatMap(statesOf))
      const levels = values.length / tests.length
      const typical = medianOf(tests.map(({ duration }) => duration))
      const ranked = tests.map((test, i) => {
        const ofTest = values.slice(i * levels, (i + 1) * levels)
        // Of a test about which nothing is known its duration says nothing either.
        const duration = ofTest.some((actions) => actions.length > 0) ? test.duration : typical
        return { test, priority: riskOf(ofTest) / (duration || Number.MIN_VALUE) ** DURATION_EXPONENT }
      })
      // The sort is stable: ties stay in file order.
      return ranked.sort((a, b) => b.priority - a.priority).map(({ test }) => test)
    },
    async learn(outcomes) {
      await agent.learnMany(outcomes.flatMap(experiencesOf))
    },
  }
}

/** The states of a test, from general to specific. */
function statesOf({ name, lastResults, isRepeated, pace }: VisibleTest): JsonValue[] {
  const last = (count: number): string => lastResults.slice(0, count).join('')
  return [{ last: last(2) }, { last: last(2), isRepeated, pace }, { test: name }, { test: name, last: last(1) }]
}

/** Running a test is an episode of one step, with reward 1 for a failure found. */
function experiencesOf({ test, verdict }: Outcome): Experience[] {
  return statesOf(test).map((state) => ({ state, action: 'run', reward: verdict, terminated: true }))
}

/** Each state corrects the estimate of the more general ones, in proportion to its visits. */
function riskOf(levels: readonly ActionValue[][]): number {
  return levels.reduce((prior, [run = { value: 0, visits: 0 }]) => {
    return (run.visits * run.value + PRIOR_VISITS * prior) / (run.visits + PRIOR_VISITS)
  }, INITIAL_RISK)
}

function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}
