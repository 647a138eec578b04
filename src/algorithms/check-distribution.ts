import { checkList, invalid } from '../checks.ts'

/** Allows rounding in the caller's arithmetic, but no missing action. */
const TOLERANCE = 1e-9

/**
 * Checks the probabilities of `count` actions: finite, at least 0, with the sum 1 within 1e-9.
 * @returns a copy, shape [count]. @throws INVALID_ARGUMENT
 */
export function checkDistribution(value: unknown, what: string, count: number): readonly number[] {
  const list = checkList(value, what)
  if (list.length !== count) throw invalid(what, `${count} probabilities, one for each action`, list.length)
  const probabilities = Array.from(list, (probability) => checkProbability(probability, what))
  const sum = probabilities.reduce((total, probability) => total + probability, 0)
  if (!(Math.abs(sum - 1) <= TOLERANCE)) throw invalid(what, 'probabilities with the sum 1', sum)
  return probabilities
}

function checkProbability(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw invalid(what, 'finite probabilities of at least 0', value)
  }
  return value
}
