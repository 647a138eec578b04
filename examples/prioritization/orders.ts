import type { VisibleTest } from './cycles.ts'
import type { Prioritizer } from './prioritizer.ts'
import { seeded, shuffled } from './seeded.ts'

/** Any order is as good as another. */
export function randomOrder(seed: number): Prioritizer {
  const random = seeded(seed)
  return { order: (tests) => shuffled(tests, random) }
}

/**
 * What failed lately fails again: by the four most recent results, failures first, the most recent result counting most.
 * A result that is missing counts as passed; ties stay in file order.
 */
export const heuristic: Prioritizer = {
  order: (tests) => tests.toSorted((a, b) => recentFailures(b) - recentFailures(a)),
}

/** The four results as the digits of a binary number. */
function recentFailures({ lastResults }: VisibleTest): number {
  return [0, 1, 2, 3].reduce((digits, i) => 2 * digits + (lastResults[i] ?? 0), 0)
}
