import type { Cycle, Verdict } from './cycles.ts'
import type { Outcome, Prioritizer } from './prioritizer.ts'

/** The fraction of a cycle's total duration that is available. */
const BUDGET = 0.5

/**
 * Runs a cycle in the order of the prioritizer, within the available time, and passes the verdicts to the prioritizer.
 * @returns the NAPFD; undefined if the cycle has no failure
 */
export async function runCycle({ tests, verdicts }: Cycle, prioritizer: Prioritizer): Promise<number | undefined> {
  const remaining = new Map(verdicts)
  const outcomes: Outcome[] = []
  let timeLeft = BUDGET * tests.reduce((sum, { duration }) => sum + duration, 0)
  for (const test of await prioritizer.order(tests)) {
    const verdict = remaining.get(test)
    if (verdict === undefined) throw new Error(`Expected each test of the cycle once, got ${test.name} again`)
    remaining.delete(test)
    // A shorter test may still fit.
    if (test.duration > timeLeft) continue
    timeLeft -= test.duration
    outcomes.push({ test, verdict })
  }
  await prioritizer.learn?.(outcomes)
  const failures = Array.from(verdicts.values()).filter((verdict) => verdict === 1).length
  const ran = outcomes.map(({ verdict }) => verdict)
  return failures === 0 ? undefined : napfd(ran, failures, tests.length)
}

/**
 * The normalized average percentage of faults detected, in [0, 1): higher if more failures are found, and earlier.
 * Qu, Cohen & Woolf (2007): p - sum(r) / (F n) + p / (2 n), where r are the ranks of the failures found, and p is their fraction of all F.
 * @param ran the verdicts in the order in which the tests ran
 * @param failures F, at least 1
 * @param tests n, the number of all tests
 */
export function napfd(ran: readonly Verdict[], failures: number, tests: number): number {
  const ranks = ran.flatMap((verdict, i) => (verdict === 1 ? [i + 1] : []))
  const found = ranks.length / failures
  const sum = ranks.reduce((total, rank) => total + rank, 0)
  return found - sum / (failures * tests) + found / (2 * tests)
}
