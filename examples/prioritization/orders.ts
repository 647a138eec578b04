import type { VisibleTest } from './cycles.ts'
import type { Prioritizer } from './prioritizer.ts'
import { seeded, shuffled } from './seeded.ts'

/** A random order. */
export function randomOrder(seed: number): Prioritizer {
  const random = seeded(seed)
  return { order: (tests) => shuffled(tests, random) }
}

/**
 * Tests that failed recently come first, by the four most recent results; the most recent one counts most. A missing result counts as
 * passed; ties stay in file order.
 */
export const heuristic: Prioritizer = {
  order: (tests) => tests.toSorted((a, b) => recentFailures(b) - recentFailures(a)),
}

/** The four results as the digits of a binary number. */
function recentFailures({ lastResults }: VisibleTest): number {
  return [0, 1, 2, 3].reduce((digits, i) => 2 * digits + (lastResults[i] ?? 0), 0)
}
