// Every row of the known results, through a store: what is exact, each transition recorded in its published proportion and
// planned from; what is statistical, by agents that choose and learn. Sources, settings and tolerances stand at the rows, in
// examples/known-results. Seed 1 throughout: no seed was searched for. `npm run verify` prints the same as a table.
// Not here, because the store does not choose by them or learn so, and tested as pure functions in tests/environments and
// tests/algorithms: bandits with sample averages, UCB1, Thompson sampling, LinUCB, and the planning steps of Dyna-Q.
import { describe, expect, test } from 'vitest'
import { EXACT } from '../../examples/known-results/exact.ts'
import { LEARNED } from '../../examples/known-results/learned.ts'
import { openLearningStore } from '../../src/index.ts'

const open = () => openLearningStore({ place: 'memory:', seed: 1 })

describe.each([
  ['exact', EXACT],
  ['statistical', LEARNED],
])('%s', (_, rows) => {
  test.each(rows.map((row) => [row.title, row.expected.join(', '), row] as const))('%s: %s', async (__, ___, row) => {
    const ours = await row.measure(open)
    expect(ours).toHaveLength(row.expected.length)
    for (const [i, x] of ours.entries()) {
      expect(Math.abs(x - (row.expected[i] ?? Number.NaN)), `${ours}`).toBeLessThanOrEqual(row.tolerance)
    }
  })
})
