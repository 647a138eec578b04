import { checkList, invalid } from '../checks.ts'

/** Rounding in a caller's arithmetic is forgiven, a forgotten action is not. */
const TOLERANCE = 1e-9

/** Probabilities of `count` actions: finite, none below 0, sum 1. @throws INVALID_ARGUMENT */
export function checkDistribution(value: unknown, what: string, count: number): readonly number[] {
  const list = checkList(value, what)
  if (list.length !== count) throw invalid(what, `${count} probabilities, one for each action`, list.length)
  const probabilities = Array.from(list, (one) => checkProbability(one, what))
  const sum = probabilities.reduce((total, one) => total + one, 0)
  if (!(Math.abs(sum - 1) <= TOLERANCE)) throw invalid(what, 'probabilities with the sum 1', sum)
  return probabilities
}

function checkProbability(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw invalid(what, 'finite probabilities of at least 0', value)
  }
  return value
}
