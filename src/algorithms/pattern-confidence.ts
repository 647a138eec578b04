/**
 * How sure a strategy is: 0.5 and 0.01 for each success, as agentic-qe documents it; each failure takes 0.01 away again
 * (there it added 0.01 too). In [0, 1]; from 50 more successes than failures on it is 1. For ranking see `wilsonLowerBound`.
 */
export function patternConfidence(successes: number, failures: number): number {
  // In hundredths, so that 18 successes are 0.68 and not a little less.
  return Math.min(1, Math.max(0, (50 + successes - failures) / 100))
}
