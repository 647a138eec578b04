/** Progress of a long operation. */
export interface Progress {
  /** The current step, for display: the name of a table, for example. */
  readonly what: string
  /** Number of items processed so far. */
  readonly done: number
  /** Number of items in total; undefined if it is not known in advance. */
  readonly total: number | undefined
}
