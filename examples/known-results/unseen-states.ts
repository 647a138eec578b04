import type { JsonValue, LearnerConfiguration } from 'learning-store'
import { seeded } from '../prioritization/seeded.ts'
import type { OpenStore, Row } from './row.ts'

/** Tasks whose states never recur, of two actions, one of which is right. */

interface Task {
  readonly title: string
  state(next: () => number): JsonValue
  isHigh(state: JsonValue): boolean
}

const ACTIONS = ['low', 'high']
const TASKS = 700
const LAST_THIRD = Math.round((2 / 3) * TASKS)

const ONE_NUMBER: Task = {
  title: 'one number, above or below 1/2',
  state: (next) => next(),
  isHigh: (state) => Number(state) > 0.5,
}

const XOR: Task = {
  title: 'two numbers, one of them above 1/2 or not',
  state: (next) => ({ a: next(), b: next() }),
  isHigh: (state) => {
    const { a, b } = state as { readonly a: number; readonly b: number }
    return a > 0.5 !== b > 0.5
  },
}

/** The share of right choices in the last third of the tasks. */
async function shareRight(
  open: OpenStore,
  task: Task,
  configuration: Partial<LearnerConfiguration>,
  runs: number,
): Promise<number> {
  let right = 0
  for (let run = 0; run < runs; run++) {
    await using store = await open()
    const agent = await store.agent(`agent ${run}`, configuration)
    const next = seeded(run)
    for (let i = 0; i < TASKS; i++) {
      const state = task.state(next)
      const { action, probability } = await agent.selectAction(state, { actions: ACTIONS })
      const isRight = (action === 'high') === task.isHigh(state)
      const logged = { actions: ACTIONS, behaviorProbability: probability }
      await agent.learn({ state, action, reward: Number(isRight), terminated: true, ...logged })
      if (i >= LAST_THIRD) right += Number(isRight)
    }
  }
  return right / (runs * (TASKS - LAST_THIRD))
}

function row(
  task: Task,
  learner: string,
  configuration: Partial<LearnerConfiguration>,
  published: string,
  expected: number,
  tolerance: number,
): Row {
  return {
    title: `${task.title}, 700 tasks, right in the last third, ${learner}`,
    runs: 20,
    published,
    expected: [expected],
    tolerance,
    measure: async (open, runs) => [await shareRight(open, task, configuration, runs)],
  }
}

export const UNSEEN: readonly Row[] = [
  row(ONE_NUMBER, 'table, defaults', {}, '-', 0.98, 0.02),
  row(ONE_NUMBER, 'table, unseenStates uniform', { unseenStates: 'uniform' }, 'chance: .5', 0.5, 0.03),
  row(XOR, 'table, defaults', {}, 'goal: at least .88', 0.94, 0.03),
]
