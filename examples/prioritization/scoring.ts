import type { Cycle, Verdict } from './cycles.ts'
import type { Outcome, Prioritizer } from './prioritizer.ts'

/** The share of a cycle's whole duration that there is time for. */
const BUDGET = 0.5

/**
 * Runs a cycle in the order that the prioritizer gives, as far as there is time, and tells it the verdicts of what ran.
 * Answers the NAPFD; undefined where there was no failure to find.
 */
export async function runCycle({ tests, verdicts }: Cycle, prioritizer: Prioritizer): Promise<number | undefined> {
  const waiting = new Map(verdicts)
  const outcomes: Outcome[] = []
  let timeLeft = BUDGET * tests.reduce((sum, { duration }) => sum + duration, 0)
  for (const test of await prioritizer.order(tests)) {
    const verdict = waiting.get(test)
    if (verdict === undefined) throw new Error(`Expected each test of the cycle once, got ${test.name} again`)
    waiting.delete(test)
    // Passed over: a shorter one behind it may still fit.
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
 * The normalized average percentage of faults detected, in [0, 1): great when many failures are found, and early.
 * Qu, Cohen & Woolf (2007): p - sum(r) / (F n) + p / (2 n), where the failures found stood at ranks r and are the share p
 * of all F. @param ran the verdicts in the order the tests ran @param failures F, at least 1 @param tests n, run or not
 */
export function napfd(ran: readonly Verdict[], failures: number, tests: number): number {
  const ranks = ran.flatMap((verdict, i) => (verdict === 1 ? [i + 1] : []))
  const found = ranks.length / failures
  const sum = ranks.reduce((total, rank) => total + rank, 0)
  return found - sum / (failures * tests) + found / (2 * tests)
}
