import type { ActionValue, AsyncStore, Experience, JsonValue } from 'learning-store'
import type { VisibleTest } from './cycles.ts'
import type { Outcome, Prioritizer } from './prioritizer.ts'

/** As many visits of a state weigh as much as everything that more general states say. */
const PRIOR_VISITS = 3

/**
 * An agent that learns how likely a test is to fail when it runs now. All that it knows is in the store: it reads the
 * values before it orders, and learns from the verdicts it is told.
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

/** How a test looks to the agent, from the most general to the most particular. */
function statesOf({ name, lastResults, isRepeated }: VisibleTest): JsonValue[] {
  const last = (count: number): string => lastResults.slice(0, count).join('')
  return [{ last: last(2) }, { last: last(2), isRepeated }, { test: name }, { test: name, last: last(1) }]
}

/** To run a test is an episode of one step, and finding a failure is what it is good for. */
function experiencesOf({ test, verdict }: Outcome): Experience[] {
  return statesOf(test).map((state) => ({ state, action: 'run', reward: verdict, terminated: true }))
}

/** Each level corrects the ones before it, the more the oftener it was visited. */
function riskOf(levels: readonly ActionValue[][]): number {
  return levels.reduce((prior, [run = { value: 0, visits: 0 }]) => {
    return (run.visits * run.value + PRIOR_VISITS * prior) / (run.visits + PRIOR_VISITS)
  }, 0)
}
