import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { drawIndex } from '../../../src/algorithms/exploration.ts'
import { LinearLearner } from '../../../src/algorithms/linear/linear-learner.ts'
import type { LinearPolicy } from '../../../src/algorithms/policies.ts'
import { seededRandom } from '../../../src/algorithms/random.ts'
import { realFile } from '../../transfer/reading.ts'
import { DEFAULTS, exactPlayer, linearPlayer, meanPlayed, SEEDS } from './played.ts'
import { TASKS, type TaskName } from './tasks.ts'

/** Means of 20 seeds if LEARNING_STORE_LONG is set, else of five, with wider tolerances where they need them. */
const isLong = SEEDS === 20

describe('the share of right choices', () => {
  test.each<[TaskName, linear: number, linUcb: number, linTs: number]>([
    ['one number', 0.95, 0.95, 0.95],
    ['a time in milliseconds', 0.95, 0.95, 0.95],
    ['four numbers', 0.95, 0.95, 0.95],
    ['mobile', 0.95, 0.95, 0.95],
    ['mobile, rewards of 0 and 1', 0.95, isLong ? 0.95 : 0.85, 0.95],
    ['rewards around -500, with noise', 0.95, 0.95, 0.95],
    ['rewards of -1 and 1', 0.95, 0.95, 0.95],
    ['the best action is only a little better, and all are good', 0.8, 0.95, 0.95],
  ])('%s: at least %d with linear, %d with lin-ucb, %d with lin-ts', (name, ...least) => {
    const right = [
      meanPlayed(TASKS[name], linearPlayer).right,
      meanPlayed(TASKS[name], (actions) => exactPlayer(actions, 'lin-ucb')).right,
      meanPlayed(TASKS[name], (actions) => exactPlayer(actions, 'lin-ts')).right,
    ]
    for (const [i, share] of right.entries()) expect(share, `${right}`).toBeGreaterThanOrEqual(least[i] ?? 1)
  })

  test.each<[TaskName, least: number]>([
    ['free text', 0.95],
    ['a type, and a file name that never recurs', 0.9],
  ])('%s: at least %d with linear', (name, least) => {
    expect(meanPlayed(TASKS[name], linearPlayer).right).toBeGreaterThanOrEqual(least)
  })

  test('tasks that succeed or fail, with rewards outside of 0 and 1 and with noise: at least .8', () => {
    const task = TASKS['tasks that succeed or fail, with noise']
    expect(meanPlayed(task, linearPlayer, 20).right).toBeGreaterThanOrEqual(0.8)
    expect(meanPlayed(task, (actions) => exactPlayer(actions, 'lin-ucb'), 20).right).toBeGreaterThanOrEqual(0.8)
  })

  test.each<[LinearPolicy, TaskName, least: number]>([
    ['epsilon-greedy', 'four numbers', 0.94],
    ['epsilon-greedy', 'free text', 0.95],
    ['epsilon-greedy', 'mobile', 0.95],
    ['thompson', 'four numbers', 0.94],
    ['thompson', 'free text', 0.95],
    ['thompson', 'mobile', 0.95],
    ['thompson', 'rewards of -1 and 1', 0.95],
  ])('linear with %s, %s: at least %d', (policy, name, least) => {
    expect(meanPlayed(TASKS[name], (actions) => linearPlayer(actions, { policy })).right).toBeGreaterThanOrEqual(least)
  })
})

test.each([
  ['lin-ucb', Math.SQRT2, 20, 20],
  ['lin-ts', 0.25, isLong ? 20 : 23, SEEDS],
  ['lin-ts', 0.5, isLong ? 22 : 25, SEEDS],
] as const)(
  'rewards linear in eight numbers, six actions, noise .1: with %s of width %d a regret of at most %d after 1,000 steps',
  (algorithm, scale, most, seeds) => {
    const task = TASKS['linear rewards']
    const { regret } = meanPlayed(task, (actions) => exactPlayer(actions, algorithm, scale), seeds)
    expect(regret).toBeLessThanOrEqual(most)
  },
)

const clinc = realFile('clinc150-routing.csv')

describe.skipIf(clinc.missing)(
  '15,000 real queries, one of ten tools (skipped without it in LEARNING_STORE_DATA)',
  () => {
    const seeds = isLong ? 20 : 1

    test('are routed with a mean reward of .89, the last 3,000 of .955, in file order and without options', () => {
      const rows: { text: string; tool: string }[] = parse(readFileSync(clinc.path, 'utf8'), { columns: true })
      const tools = [...new Set(rows.map(({ tool }) => tool))].sort().map((tool) => ({ key: tool, action: tool }))
      let [all, last] = [0, 0]
      for (let seed = 0; seed < seeds; seed++) {
        const random = seededRandom(seed, 'clinc')
        const learner = new LinearLearner(DEFAULTS)
        for (const [t, { text, tool }] of rows.entries()) {
          const { probabilities } = learner.predict(text, tools, random.next)
          const action = tools[drawIndex(probabilities, random.next())] ?? { key: '', action: '' }
          const reward = action.key === tool ? 1 : 0
          learner.learn(text, action, reward)
          all += reward / rows.length / seeds
          if (t >= rows.length - 3_000) last += reward / 3_000 / seeds
        }
      }
      expect(all, `${all}, ${last}`).toBeGreaterThanOrEqual(0.89)
      expect(last, `${all}, ${last}`).toBeGreaterThanOrEqual(0.955)
    })
  },
)
