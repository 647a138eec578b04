import type { AsyncStore } from 'learning-store'

/** Opens an empty store in memory with a fixed seed. */
export type OpenStore = () => Promise<AsyncStore>

/** A published figure, and its measurement with a store. */
export interface Row {
  readonly title: string
  /** The published figure, with its source in parentheses. */
  readonly published: string
  readonly expected: readonly number[]
  /** The maximum absolute difference of each figure. For exact results it only allows for rounding. */
  readonly tolerance: number
  measure(open: OpenStore): Promise<readonly number[]>
}

export function isWithin({ expected, tolerance }: Row, ours: readonly number[]): boolean {
  return ours.length === expected.length && ours.every((x, i) => Math.abs(x - (expected[i] ?? 0)) <= tolerance)
}
