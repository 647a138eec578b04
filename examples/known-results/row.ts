import type { AsyncStore } from 'learning-store'

/** An empty store in memory, with a seed that was not searched for. */
export type OpenStore = () => Promise<AsyncStore>

/** A figure that others published or computed, and how to come to it through a store. */
export interface Row {
  readonly title: string
  /** As it was published; the source in brackets. */
  readonly published: string
  readonly expected: readonly number[]
  /** How far each figure may be off; `exact` rows are off by rounding only. */
  readonly tolerance: number
  measure(open: OpenStore): Promise<readonly number[]>
}

export function isWithin({ expected, tolerance }: Row, ours: readonly number[]): boolean {
  return ours.length === expected.length && ours.every((x, i) => Math.abs(x - (expected[i] ?? 0)) <= tolerance)
}
