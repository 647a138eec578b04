import type { ActionValue, AsyncStore, Experience, JsonValue } from 'learning-store'
import type { VisibleTest } from './cycles.ts'
import type { Outcome, Prioritizer } from './prioritizer.ts'

/** The weight of the more general states, in visits. */
const PRIOR_VISITS = 3

/**
 * An agent that learns how likely tests are to fail. All that it learns is in the store: it reads the values before it orders, and
 * learns from the verdicts.
 */
export async function learner(store: AsyncStore, id: string): Promise<Required<Prioritizer>> {
  const agent = await store.agent(id, { type: 'qe-regression-risk-analyzer', learningRate: 0.2 })
  return {
    async order(tests) {
      const values = await store.values.getMany(id, tests.flatMap(statesOf))
      const levels = values.length / tests.length
      const ranked = tests.map((test, i) => {
        const risk = riskOf(values.slice(i * levels, (i + 1) * levels))
        return { test, priority: risk / Math.sqrt(test.duration || Number.MIN_VALUE) }
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
function statesOf({ name, lastResults, isRepeated }: VisibleTest): JsonValue[] {
  const last = (count: number): string => lastResults.slice(0, count).join('')
  return [{ last: last(2) }, { last: last(2), isRepeated }, { test: name }, { test: name, last: last(1) }]
}

/** Running a test is an episode of one step, with reward 1 for a failure found. */
function experiencesOf({ test, verdict }: Outcome): Experience[] {
  return statesOf(test).map((state) => ({ state, action: 'run', reward: verdict, terminated: true }))
}

/** Each state corrects the estimate of the more general ones, in proportion to its visits. */
function riskOf(levels: readonly ActionValue[][]): number {
  return levels.reduce((prior, [run = { value: 0, visits: 0 }]) => {
    return (run.visits * run.value + PRIOR_VISITS * prior) / (run.visits + PRIOR_VISITS)
  }, 0)
}
