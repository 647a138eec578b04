import type { Verdict, VisibleTest } from './cycles.ts'

/** What came of a test that ran. */
export interface Outcome {
  readonly test: VisibleTest
  readonly verdict: Verdict
}

/** Who decides which test runs first. It sees tests, never a verdict that it was not told. */
export interface Prioritizer {
  /** All of the tests, the one to run first in front. */
  order(tests: readonly VisibleTest[]): readonly VisibleTest[] | Promise<readonly VisibleTest[]>
  /** Hears what came of the tests that ran, in the order they ran. One that does not learn has no use for it. */
  learn?(outcomes: readonly Outcome[]): Promise<void>
}
