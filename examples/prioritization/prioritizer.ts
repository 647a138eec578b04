import type { Verdict, VisibleTest } from './cycles.ts'

/** The result of a test that ran. */
export interface Outcome {
  readonly test: VisibleTest
  readonly verdict: Verdict
}

/** Orders tests. It knows only the verdicts that `learn` received. */
export interface Prioritizer {
  /** Returns all tests in the order in which to run them. */
  order(tests: readonly VisibleTest[]): readonly VisibleTest[] | Promise<readonly VisibleTest[]>
  /** Learns from the tests that ran, in the order in which they ran. */
  learn?(outcomes: readonly Outcome[]): Promise<void>
}
