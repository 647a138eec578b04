/** How a run is asked for. */
export interface BenchOptions {
  /** Figures of a few calls. */
  readonly quick?: boolean | undefined
  /** Where to write the figures as JSON. */
  readonly json?: string | undefined
}
