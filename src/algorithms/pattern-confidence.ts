/**
 * How sure a strategy is: 0.5 and 0.01 for each success, as agentic-qe documents it, but at most 1, and times the share of its
 * uses that succeeded (there a failure raised it too). In [0, 1]; every success raises it below 1, every failure lowers it.
 * For ranking see `wilsonLowerBound`.
 */
export function patternConfidence(successes: number, failures: number): number {
  // In hundredths, so that 18 successes are 0.68 and not a little less.
  const documented = Math.min(100, 50 + successes) / 100
  return failures === 0 ? documented : (documented * successes) / (successes + failures)
}
