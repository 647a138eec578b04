import type { Random } from './random.ts'
import { indexAt, priorityAt, type SumTree, totalOf } from './sum-tree.ts'

/** Which of the experiences that were kept are learned from again. */

/** Indexes drawn uniformly, with replacement. Lin (1992). @param size number of experiences, at least 1. @returns shape [count]. */
export function sampleUniform(size: number, count: number, random: Random): number[] {
  return Array.from({ length: count }, () => Math.floor(random.next() * size))
}

/**
 * The priority of an experience: (|error| + least)^alpha. Schaul et al. (2016), section 3.3.
 * @param error the temporal-difference error when it was last learned from. @param alpha in [0, 1]; 0 is uniform.
 * @param least above 0, in the unit of the errors: what has no error must not be forgotten.
 */
export function priorityOf(error: number, alpha: number, least = 1e-6): number {
  return (Math.abs(error) + least) ** alpha
}

/** Experiences drawn to be learned from again. All of shape [count]. */
export interface PrioritizedSample {
  readonly indexes: readonly number[]
  /** The probability of each of these indexes in one draw. */
  readonly probabilities: readonly number[]
  /** What to multiply each step with, so that what is drawn oftener does not count more; the greatest is 1. */
  readonly weights: readonly number[]
}

/**
 * Indexes drawn in proportion to their priorities, one from each of `count` equal parts of their sum. Schaul et al. (2016),
 * section 3.3 and algorithm 1.
 * @param tree of priorities, their sum above 0. @param beta in [0, 1]; 1 corrects in full. @param count at least 1.
 */
export function samplePrioritized(tree: SumTree, count: number, beta: number, random: Random): PrioritizedSample {
  const total = totalOf(tree)
  const indexes = Array.from({ length: count }, (_, i) => indexAt(tree, ((i + random.next()) / count) * total))
  const probabilities = indexes.map((index) => priorityAt(tree, index) / total)
  return { indexes, probabilities, weights: importanceWeights(probabilities, tree.size, beta) }
}

/** (1 / (N * P))^beta, over the greatest of them. Schaul et al. (2016), section 3.4. @param probabilities shape [K]. @returns shape [K]. */
export function importanceWeights(probabilities: readonly number[], size: number, beta: number): number[] {
  const weights = probabilities.map((probability) => (size * probability) ** -beta)
  const greatest = weights.reduce((most, weight) => Math.max(most, weight), 0)
  return weights.map((weight) => weight / greatest)
}
