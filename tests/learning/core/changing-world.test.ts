import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DOWN, LEFT, moved, RIGHT, UP } from '../../../examples/environments/grid.ts'
import { seeded } from '../../../examples/prioritization/seeded.ts'
import { type Moments, momentsOf, standardErrorOf } from '../../../src/algorithms/statistics.ts'
import {
  type AsyncAgent,
  type AsyncStore,
  type LearnerConfiguration,
  MemoryMedium,
  memoryStorage,
  openLearningStore,
  type PlanOptions,
} from '../../../src/entry/node.ts'

let store: AsyncStore
beforeEach(async () => {
  store = await openLearningStore({ storage: 'memory:', seed: 1 })
})
afterEach(() => store.close())

/** The mazes of Sutton & Barto (2018), examples 8.2 and 8.3: 6 rows of 9 cells, with a wall in row 3 that moves once. */
const GRID = { rows: 6, columns: 9 }
const [START, GOAL] = [5 * 9 + 3, 8]
const MOVES = [UP, RIGHT, DOWN, LEFT]
const ACTIONS = ['up', 'right', 'down', 'left']

interface Maze {
  readonly steps: number
  /** Whether a column of row 3 is a wall in this step. */
  isWall(column: number, step: number): boolean
}
/** The passage on the right is closed after 1,000 steps, and one on the left is opened. */
const BLOCKING: Maze = { steps: 3_000, isWall: (column, step) => (step < 1_000 ? column < 8 : column > 0) }
/** A second, shorter passage is opened on the right after 3,000 steps. */
const SHORTCUT: Maze = { steps: 6_000, isWall: (column, step) => column > 0 && (step < 3_000 || column < 8) }

function target(maze: Maze, state: number, action: number, step: number): number {
  const to = moved(GRID, state, MOVES[action] ?? UP)
  return Math.floor(to / 9) === 3 && maze.isWall(to % 9, step) ? state : to
}

const DISCOUNT = 0.95
const EPSILON = 0.1
const PLANNING_STEPS = 10

/** The number of times that the goal was reached, after each step. */
type Goals = readonly number[]

/** Tabular Dyna-Q (S&B, section 8.2) with step size 1 and the latest outcome as the model; Dyna-Q+ if the bonus is above 0. */
function textbook(maze: Maze, bonus: number, seed: number): Goals {
  const random = seeded(seed)
  const q = Array.from({ length: 54 }, () => [0, 0, 0, 0])
  const best = (s: number): number => Math.max(...(q[s] ?? []))
  const model = new Map<string, { s: number; a: number; reward: number; next: number; last: number }>()
  const goals: number[] = []
  let [s, reached] = [START, 0]
  for (let t = 1; t <= maze.steps; t++) {
    const row = q[s] ?? []
    const ties = row.flatMap((value, a) => (value === best(s) ? [a] : []))
    const from = random() < EPSILON ? [0, 1, 2, 3] : ties
    const a = from[Math.floor(random() * from.length)] ?? 0
    const next = target(maze, s, a, t - 1)
    const isGoal = next === GOAL
    row[a] = isGoal ? 1 : DISCOUNT * best(next)
    model.set(`${s} ${a}`, { s, a, reward: Number(isGoal), next, last: t })
    if (bonus > 0) {
      for (let other = 0; other < 4; other++) {
        if (!model.has(`${s} ${other}`)) model.set(`${s} ${other}`, { s, a: other, reward: 0, next: s, last: 0 })
      }
    }
    const pairs = [...model.values()]
    for (let i = 0; i < PLANNING_STEPS; i++) {
      const pair = pairs[Math.floor(random() * pairs.length)]
      const values = q[pair?.s ?? 0]
      if (!pair || !values) continue
      values[pair.a] =
        pair.reward + bonus * Math.sqrt(t - pair.last) + (pair.next === GOAL ? 0 : DISCOUNT * best(pair.next))
    }
    reached += Number(isGoal)
    s = isGoal ? START : next
    goals.push(reached)
  }
  return goals
}

const DYNA: Partial<LearnerConfiguration> = {
  learningRate: 1,
  discountFactor: DISCOUNT,
  explorationRate: EPSILON,
  explorationDecay: 1,
  planningSteps: PLANNING_STEPS,
}

async function stored(maze: Maze, agent: AsyncAgent): Promise<Goals> {
  const goals: number[] = []
  let [state, reached] = [START, 0]
  for (let t = 0; t < maze.steps; t++) {
    const { action } = await agent.selectAction(state, { actions: ACTIONS })
    const next = target(maze, state, ACTIONS.indexOf(String(action)), t)
    const terminated = next === GOAL
    await agent.learn({
      state,
      action,
      actions: ACTIONS,
      reward: Number(terminated),
      nextState: next,
      nextActions: ACTIONS,
      terminated,
    })
    reached += Number(terminated)
    state = terminated ? START : next
    goals.push(reached)
  }
  return goals
}

/** `npm run test:long` measures more. */
const RUNS = process.env.LEARNING_STORE_LONG ? 40 : 8

// Seeds 1 to 200 for the textbook, and agents 1 to 8 with the store's seed 1: none was searched for. One run may have twice the
// goals of another, so that means of 8 runs can differ by more than 10 % from what they estimate.
const MAZES = [
  ['blocking', BLOCKING, 'Dyna-Q', 0],
  ['blocking', BLOCKING, 'Dyna-Q+', 0.001],
  ['shortcut', SHORTCUT, 'Dyna-Q+', 0.001],
] as const
describe.each(process.env.LEARNING_STORE_LONG ? MAZES : MAZES.slice(0, 2))(
  'In the %s maze',
  (_, maze, name, explorationBonus) => {
    test(`${name} reaches the goal as often as that of the textbook, within 10 % and two standard errors`, async () => {
      const expected = Array.from({ length: 200 }, (__, i) => textbook(maze, explorationBonus, i + 1))
      const runs = await Promise.all(
        Array.from({ length: RUNS }, async (__, i) => {
          return stored(maze, await store.agent(`maze ${i + 1}`, { ...DYNA, modelWindow: 1, explorationBonus }))
        }),
      )
      for (const step of RUNS === 8 ? [maze.steps] : [1_000, 3_000, maze.steps]) {
        const at = (all: readonly Goals[]): Moments => momentsOf(all.map((goals) => goals[step - 1] ?? 0))
        const [ours, theirs] = [at(runs), at(expected)]
        const tolerance = 0.1 * theirs.mean + 2 * standardErrorOf(ours)
        expect(Math.abs(ours.mean - theirs.mean), `${ours.mean} in ${step} steps, not ${theirs.mean}`).toBeLessThan(
          tolerance,
        )
      }
    })
  },
)

test('without a window an agent still believes in a passage that was closed', async () => {
  const goals = async (modelWindow: number): Promise<number> => {
    const runs = Array.from({ length: RUNS / 2 }, async (_, i) => {
      return stored(BLOCKING, await store.agent(`window ${modelWindow} ${i}`, { ...DYNA, modelWindow }))
    })
    return momentsOf((await Promise.all(runs)).map((run) => (run.at(-1) ?? 0) - (run[999] ?? 0))).mean
  }
  expect(await goals(0)).toBeLessThan(0.5 * (await goals(1)))
})

describe('plan', () => {
  /** The action `go` paid 1 five times, then 0 five times; `wait` always paid 0.25. */
  const learned = async (configuration: Partial<LearnerConfiguration>): Promise<AsyncAgent> => {
    const agent = await store.agent('changed', configuration)
    for (let i = 0; i < 10; i++) {
      await agent.learn({ state: 's', action: 'go', reward: i < 5 ? 1 : 0, terminated: true })
      await agent.learn({ state: 's', action: 'wait', reward: 0.25, terminated: true })
    }
    return agent
  }
  const valueOfGo = async (agent: AsyncAgent): Promise<number | undefined> =>
    (await agent.values.get('s')).find(({ action }) => action === 'go')?.value

  test.each<[Partial<LearnerConfiguration>, PlanOptions, number]>([
    [{}, {}, 0.5],
    [{}, { newest: 10 }, 0],
    [{}, { newest: 12 }, 1 / 6],
    [{ modelWindow: 5 }, {}, 0],
    [{ modelWindow: 6 }, {}, 1 / 6],
    // The ages of the rewards of 1 are 11, 13, ... 19 steps, those of 0 are 1, 3, ... 9.
    [{ modelHalfLife: 10 }, {}, 1 / 3],
    [{ modelWindow: 5 }, { newest: 4 }, 0],
  ])('of an agent with %j and %j counts what its model holds', async (configuration, options, expected) => {
    const agent = await learned(configuration)
    await agent.plan(options)
    expect(await valueOfGo(agent)).toBeCloseTo(expected, 12)
  })

  test('refuses what is no number of experiences', async () => {
    const agent = await learned({})
    for (const newest of [0, 1.5, -1, Number.NaN, '3' as unknown as number]) {
      await expect(agent.plan({ newest })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
  })
})

test('an agent that plans with a fading model and a bonus goes on after reopening as if it had never stopped', async () => {
  const now = (): number => 1e12
  const medium = new MemoryMedium()
  const open = (): Promise<AsyncStore> => openLearningStore({ storage: memoryStorage(medium), seed: 3, now })
  const configuration = { ...DYNA, modelHalfLife: 20, explorationBonus: 0.01 }
  const short = { ...BLOCKING, steps: 100 }
  const first = await open()
  await stored(short, await first.agent('a', configuration))
  await first.close()
  await using second = await open()
  await stored(short, await second.agent('a'))
  await using through = await openLearningStore({ storage: 'memory:', seed: 3, now })
  const agent = await through.agent('a', configuration)
  await stored(short, agent)
  await stored(short, agent)
  expect(await second.values.list({ agentId: 'a' })).toEqual(await through.values.list({ agentId: 'a' }))
})
