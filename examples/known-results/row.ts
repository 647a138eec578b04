import type { AsyncStore } from 'learning-store'

/** Opens an empty store in memory with a fixed seed. */
export type OpenStore = () => Promise<AsyncStore>

/** A published figure, and its measurement with a store. */
export interface Row {
  /** Without the number of runs. */
  readonly title: string
  /** The number of runs that a mean is of. None for an exact result. */
  readonly runs?: number
  /** The published figure, with its source in parentheses. */
  readonly published: string
  readonly expected: readonly number[]
  /** The maximum absolute difference of each figure in `runs` runs. For exact results it only allows for rounding. */
  readonly tolerance: number
  measure(open: OpenStore, runs: number): Promise<readonly number[]>
}

export function titleOf({ title, runs }: Row): string {
  return runs === undefined ? title : `${title}, ${runs} runs`
}

/** The same row with a sixth or a twentieth of its runs, whose mean may be off by as many of its standard errors; not if they are few. */
export function shortened(row: Row): Row {
  if (row.runs === undefined || row.runs < 30) return row
  const runs = row.runs / (row.runs < 100 ? 6 : 20)
  return { ...row, runs, tolerance: row.tolerance * Math.sqrt(row.runs / runs) }
}

export function isWithin({ expected, tolerance }: Row, ours: readonly number[]): boolean {
  return ours.length === expected.length && ours.every((x, i) => Math.abs(x - (expected[i] ?? 0)) <= tolerance)
}
