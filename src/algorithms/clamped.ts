/** Squares of larger numbers, and their sums, could overflow. */
const LARGEST = 1e100

/** A number, brought into [-1e100, 1e100]. */
export function clamped(value: number): number {
  return Math.min(LARGEST, Math.max(-LARGEST, value))
}
