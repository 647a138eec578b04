import type { JsonValue, LearnerConfiguration } from 'learning-store'
import { seeded } from '../prioritization/seeded.ts'
import type { OpenStore, Row } from './row.ts'

/** Tasks whose states never recur: numbers, texts, names of files. One of the actions is right in each. */

interface Task {
  readonly title: string
  readonly actions: readonly string[]
  readonly count: number
  /** Number of the last tasks in which right choices count. */
  readonly counted: number
  state(next: () => number, i: number): JsonValue
  /** The right action, or undefined if the reward is drawn instead. */
  right(state: JsonValue): string
}

const TWO = ['low', 'high']
const SEVEN_HUNDRED = { actions: TWO, count: 700, counted: 233 }

const ONE_NUMBER: Task = {
  ...SEVEN_HUNDRED,
  title: 'one number, above or below 1/2',
  state: (next) => next(),
  right: (state) => (Number(state) > 0.5 ? 'high' : 'low'),
}

const FOUR_NUMBERS: Task = {
  ...SEVEN_HUNDRED,
  title: 'four numbers, whether the first two add up to more than 1',
  state: (next) => ({ a: next(), b: next(), c: next(), d: next() }),
  right: (state) => {
    const { a, b } = state as { readonly a: number; readonly b: number }
    return a + b > 1 ? 'high' : 'low'
  },
}

const XOR: Task = {
  ...SEVEN_HUNDRED,
  title: 'two numbers, one of them above 1/2 or not',
  state: (next) => ({ a: next(), b: next() }),
  right: (state) => {
    const { a, b } = state as { readonly a: number; readonly b: number }
    return a > 0.5 !== b > 0.5 ? 'high' : 'low'
  },
}

const SUBJECTS = ['the build', 'this page', 'my account', 'the report', 'our server', 'that test', 'the invoice']
const WISHES: { readonly [action: string]: readonly string[] } = {
  low: ['please explain', 'tell me about', 'what happened to', 'describe'],
  high: ['please repair', 'fix', 'restart', 'make changes to'],
}
const TEXT: Task = {
  ...SEVEN_HUNDRED,
  title: 'free text, a question or an order',
  state: (next, i) => {
    const wishes = WISHES[next() < 0.5 ? 'low' : 'high'] ?? []
    const pick = (list: readonly string[]): string => list[Math.floor(next() * list.length)] ?? ''
    return `${pick(wishes)} ${pick(SUBJECTS)} number ${i}, thanks ${Math.floor(next() * 1_000)}`
  },
  right: (state) => (WISHES.high?.some((wish) => String(state).startsWith(wish)) ? 'high' : 'low'),
}

const STRATEGIES = ['template', 'property', 'mutation', 'snapshot']
const FILES: Task = {
  title: 'four kinds of modules, each with its own best strategy, and another file in each task',
  actions: STRATEGIES,
  count: 400,
  counted: 200,
  state: (next, i) => ({ kind: `kind-${Math.floor(next() * 4)}`, file: `src/part-${i}/module-${i * 7919}.ts` }),
  right: (state) => STRATEGIES[Number((state as { readonly kind: string }).kind.slice(-1))] ?? '',
}

/** The share of right choices in the counted tasks. */
async function shareRight(
  open: OpenStore,
  task: Task,
  configuration: Partial<LearnerConfiguration>,
  runs: number,
): Promise<number> {
  const { actions, count, counted } = task
  let right = 0
  for (let run = 0; run < runs; run++) {
    await using store = await open()
    const agent = await store.agent(`agent ${run}`, configuration)
    const next = seeded(run)
    for (let i = 0; i < count; i++) {
      const state = task.state(next, i)
      const { action, probability } = await agent.selectAction(state, { actions })
      const isRight = action === task.right(state)
      const logged = { actions, behaviorProbability: probability }
      await agent.learn({ state, action, reward: Number(isRight), terminated: true, ...logged })
      if (i >= count - counted) right += Number(isRight)
    }
  }
  return right / (runs * counted)
}

function row(
  task: Task,
  configuration: Partial<LearnerConfiguration>,
  published: string,
  expected: number,
  tolerance: number,
): Row {
  const learner = Object.entries(configuration).map(([field, value]) => `${field} ${value}`)
  return {
    title: `${task.title}: right in the last ${task.counted} of ${task.count} tasks, ${learner.join(', ') || 'defaults'}`,
    runs: 20,
    published,
    expected: [expected],
    tolerance,
    measure: async (open, runs) => [await shareRight(open, task, configuration, runs)],
  }
}

/** The share of the steps in which a mobile visitor, or any other, was shown the best of three arms. */
function mobileRow(algorithm: 'lin-ucb' | 'lin-ts' | 'linear'): Row {
  return {
    title: `mobile or not, three arms: best arm in the last 300 of 600 steps, ${algorithm}`,
    runs: 20,
    published: 'goal: at least .95',
    expected: [0.975],
    tolerance: 0.025,
    measure: async (open, runs) => {
      const pays: { readonly [arm: string]: readonly [other: number, mobile: number] } = {
        a: [0.9, 0.2],
        b: [0.5, 0.5],
        c: [0.2, 0.9],
      }
      let best = 0
      for (let run = 0; run < runs; run++) {
        await using store = await open()
        const agent = await store.agent(`agent ${run}`, { algorithm })
        const next = seeded(run)
        for (let i = 0; i < 600; i++) {
          const mobile = next() < 0.5
          const { action } = await agent.selectAction({ mobile }, { actions: Object.keys(pays) })
          const mean = pays[String(action)]?.[Number(mobile)] ?? 0
          await agent.learn({ state: { mobile }, action, reward: Number(next() < mean), terminated: true })
          if (i >= 300) best += Number(mean === 0.9)
        }
      }
      return [best / (300 * runs)]
    },
  }
}

const LINEAR = { algorithm: 'linear' } as const

export const NEVER_RECURRING: readonly Row[] = [
  row(ONE_NUMBER, {}, '-', 0.98, 0.02),
  row(ONE_NUMBER, { unseenStates: 'uniform' }, 'chance: .5', 0.5, 0.03),
  row(ONE_NUMBER, LINEAR, 'goal: at least .95', 0.975, 0.025),
  row(FOUR_NUMBERS, LINEAR, 'goal: at least .95', 0.975, 0.025),
  row(TEXT, LINEAR, 'goal: at least .9', 0.95, 0.05),
  row(XOR, {}, 'goal: at least .88', 0.94, 0.03),
  row(FILES, LINEAR, 'goal: at least .85', 0.925, 0.075),
  mobileRow('lin-ucb'),
  mobileRow('lin-ts'),
  mobileRow('linear'),
]
