import { isNumeric } from '../features/named-features.ts'
import type { LinearSums } from './linear-sums.ts'

/** The center and the unit of a feature: what brings it to a mean near 0 and a standard deviation near 1. */
export interface Standard {
  readonly center: number
  readonly unit: number
}

/** The standard of the intercept, and of what is not a number. */
export const AS_IT_IS: Standard = { center: 0, unit: 1 }
/** A variance below this share of the mean square is rounding. */
const LEAST_VARIANCE = 1e-13
/** Squares of smaller numbers could underflow. */
const LEAST_UNIT = 1e-100

/**
 * The standards of numeric features, from the sums of all actions. The units are powers of 2 and the centers multiples of half a unit, so
 * that they rarely change, and regressions need not be solved again: scaling is a ridge for each feature, whose size
 * matters little within a factor of 2.
 * @param names of all features, and whether they are numbers
 * @param before standards of which those that have not changed are returned again
 */
export function standardsOf(
  names: ReadonlyMap<string, boolean>,
  sums: readonly LinearSums[],
  before: ReadonlyMap<string, Standard>,
): Map<string, Standard> {
  const standards = new Map<string, Standard>()
  const count = sums.reduce((total, one) => total + one.count, 0)
  for (const [name, isNumber] of names) {
    if (!isNumber) continue
    const standard = standardOf(name, sums, count)
    const old = before.get(name)
    const isSame = old?.center === standard.center && old.unit === standard.unit
    standards.set(name, isSame ? old : standard)
  }
  return standards
}

/** The standard of a numeric feature that no action has had: its value in this state counts as one standard deviation. */
export function unknownStandard(features: ReadonlyMap<string, number>, name: string): Standard {
  return isNumeric(name) ? { center: 0, unit: unitOf(features.get(name) ?? 0) } : AS_IT_IS
}

function standardOf(name: string, sums: readonly LinearSums[], count: number): Standard {
  let [total, squares] = [0, 0]
  for (const one of sums) {
    const i = one.indexOf(name)
    if (i === undefined) continue
    total += one.product(i, 0)
    squares += one.product(i, i)
  }
  const { mean, deviation } = momentsOf(count, total, squares)
  if (deviation < LEAST_UNIT) return { center: mean, unit: unitOf(mean) }
  const unit = powerOf2Above(deviation)
  return { center: (Math.round((2 * mean) / unit) * unit) / 2, unit }
}

/** The unit of a number that has always been the same. */
function unitOf(value: number): number {
  return Math.abs(value) < LEAST_UNIT ? 1 : Math.abs(value)
}

function momentsOf(count: number, total: number, squares: number): { mean: number; deviation: number } {
  const mean = total / count
  const variance = squares / count - mean * mean
  return { mean, deviation: variance > (LEAST_VARIANCE * squares) / count ? Math.sqrt(variance) : 0 }
}

/** The least power of 2 that is not below a positive number. */
export function powerOf2Above(value: number): number {
  let power = 1
  while (power < value) power *= 2
  while (power / 2 >= value) power /= 2
  return power
}
