/**
 * The confidence in a strategy: 0.5 plus 0.01 per success, at most 1, as agentic-qe documents it, times the success rate (in
 * agentic-qe failures raise it too). Below 1 every success raises it; every failure lowers it. To rank strategies, use
 * `wilsonLowerBound`.
 * @returns in [0, 1].
 */
export function patternConfidence(successes: number, failures: number): number {
  // In hundredths: 0.5 + 18 * 0.01 would be a little less than 0.68.
  const documented = Math.min(100, 50 + successes) / 100
  return failures === 0 ? documented : (documented * successes) / (successes + failures)
}
