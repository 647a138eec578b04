/** How a run is asked for. */
export interface BenchOptions {
  /** Figures of a few calls. */
  readonly quick?: boolean | undefined
  /** Where to write the figures as JSON. */
  readonly json?: string | undefined
  /** Whether a check stores its ratios in bench/baseline.json instead of comparing them. */
  readonly update?: boolean | undefined
}
