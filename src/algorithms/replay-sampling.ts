import type { Random } from './random.ts'
import { indexAt, priorityAt, type SumTree, totalOf } from './sum-tree.ts'

/** Draws indexes of experiences uniformly, with replacement. Lin (1992). @param size at least 1. @returns shape [count]. */
export function sampleUniform(size: number, count: number, random: Random): number[] {
  return Array.from({ length: count }, () => Math.floor(random.next() * size))
}

/**
 * The priority of an experience: (|error| + least)^alpha. Schaul et al. (2016), section 3.3.
 * @param error the temporal-difference error when the experience was last used. @param alpha in [0, 1]; 0 is uniform.
 * @param least above 0, in the unit of the errors, so that an experience without error is still drawn.
 */
export function priorityOf(error: number, alpha: number, least = 1e-6): number {
  return (Math.abs(error) + least) ** alpha
}

/** A prioritized sample of experiences; each list of shape [count]. */
export interface PrioritizedSample {
  readonly indexes: readonly number[]
  /** Probability of each index in one draw. */
  readonly probabilities: readonly number[]
  /** Importance weights that correct the step sizes for the non-uniform draw; the greatest is 1. */
  readonly weights: readonly number[]
}

/**
 * Draws indexes in proportion to their priorities, one from each of `count` equal segments of the total. Schaul et al. (2016),
 * section 3.3 and algorithm 1.
 * @param tree priorities with a sum above 0. @param count at least 1. @param beta in [0, 1]; 1 corrects the weights in full.
 */
export function samplePrioritized(tree: SumTree, count: number, beta: number, random: Random): PrioritizedSample {
  const total = totalOf(tree)
  const indexes = Array.from({ length: count }, (_, i) => indexAt(tree, ((i + random.next()) / count) * total))
  const probabilities = indexes.map((index) => priorityAt(tree, index) / total)
  return { indexes, probabilities, weights: importanceWeights(probabilities, tree.size, beta) }
}

/**
 * Importance weights (1 / (N * P))^beta, divided by their maximum. Schaul et al. (2016), section 3.4.
 * @param probabilities shape [K]. @returns shape [K].
 */
export function importanceWeights(probabilities: readonly number[], size: number, beta: number): number[] {
  const weights = probabilities.map((probability) => (size * probability) ** -beta)
  const greatest = weights.reduce((most, weight) => Math.max(most, weight), 0)
  return weights.map((weight) => weight / greatest)
}
