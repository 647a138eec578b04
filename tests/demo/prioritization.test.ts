import { openLearningStore } from 'learning-store'
import { expect, test } from 'vitest'
import { type CycleResult, contest, movingScore } from '../../demo/prioritization/contest.ts'
import { readCycles } from '../../examples/prioritization/cycles.ts'
import { meanOf, napfdText } from '../../examples/prioritization/report.ts'
import { workload } from '../../examples/prioritization/workload.ts'

const cycles = readCycles(workload(1))

test('the contest has the scores that the example prints', async () => {
  await using store = await openLearningStore({ storage: 'memory:' })
  const results: CycleResult[] = []
  for await (const result of contest(store, cycles, 1)) results.push(result)
  expect(results.map(({ number }) => number)).toEqual(cycles.map(({ number }) => number))
  const means = (['agent', 'heuristic', 'random'] as const).map((one) => {
    return napfdText(meanOf(results.map(({ scores }) => scores[one])))
  })
  // The last line of `npm start`.
  expect(means).toEqual(['0.786', '0.749', '0.388'])
  for (const [i, { order }] of results.entries()) expect(order).toHaveLength(cycles[i]?.tests.length ?? 0)
})

test('the agent orders a cycle before it learns its verdicts', async () => {
  await using store = await openLearningStore({ storage: 'memory:' })
  const results = contest(store, cycles, 1)
  const first = await results.next()
  // Without experiences, ties stay in the order of the log, by duration.
  const { order = [] } = first.value ?? {}
  expect(order.map(({ test }) => test)).toEqual(cycles[0]?.tests)
  const learned = await store.experiences.count()
  expect(learned).toBeGreaterThan(0)
  expect(learned).toBeLessThan(4 * order.length)
})

test('a cycle without a failure does not change the moving score', () => {
  expect(movingScore([undefined, 0.5, undefined, 1, 0], 2)).toEqual([null, 0.5, 0.5, 0.75, 0.5])
})
