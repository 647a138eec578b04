import { expect, test } from 'vitest'
import { type Row, shortened, titleOf } from '../../../examples/known-results/row.ts'
import { openLearningStore } from '../../../src/entry/node.ts'

const TEN_MINUTES_MS = 600_000

/**
 * Each figure, learned anew, is as near to the published one as its tolerance says. Means of many runs are of a sixth or a
 * twentieth of them, with the tolerance that follows, unless LEARNING_STORE_LONG is set; `npm run verify` measures all.
 */
export function knownResults(rows: readonly Row[]): void {
  const measured = process.env.LEARNING_STORE_LONG ? rows : rows.map(shortened)
  const titled = measured.map((row) => [titleOf(row), row.expected.join(', '), row] as const)
  test.each(titled)('%s: %s', { timeout: TEN_MINUTES_MS }, async (_, __, row) => {
    const ours = await row.measure(() => openLearningStore({ storage: 'memory:', seed: 1 }), row.runs ?? 1)
    expect(ours).toHaveLength(row.expected.length)
    for (const [i, x] of ours.entries()) {
      expect(Math.abs(x - (row.expected[i] ?? Number.NaN)), `${ours}`).toBeLessThanOrEqual(row.tolerance)
    }
  })
}
