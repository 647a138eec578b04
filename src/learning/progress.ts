/** How far something long is. */
export interface Progress {
  /** What is being done, for people: a table, say. */
  readonly what: string
  readonly done: number
  /** Undefined where it is not known before the end. */
  readonly total: number | undefined
}
