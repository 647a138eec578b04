import type { SparseVector } from '../features/sparse-vector.ts'
import type { SparseWeights } from './sparse-weights.ts'

/** The learning rate. */
const RATE = 1
/** Keeps the first step of a feature finite where its gradient is 0. */
const SMALLEST = 1e-12

/** The sum of weight times value. */
export function scoreOf(weights: SparseWeights, { hashes, values }: SparseVector): number {
  const { numbers } = weights
  let sum = 0
  for (let i = 0; i < hashes.length; i++) {
    const at = weights.find(hashes[i] as number)
    if (at !== -1) sum += (numbers[at] as number) * (values[i] as number)
  }
  return sum
}

/**
 * The standard deviation of a score, with the accumulators as the precisions of independent weights: the sum of squared gradients
 * estimates the Fisher information. Chapelle & Li (2011), "An empirical evaluation of Thompson sampling", algorithm 3.
 * @param from the first feature that counts. @param prior precision of a weight without experience.
 */
export function deviationOf(
  weights: SparseWeights,
  { hashes, values }: SparseVector,
  from: number,
  prior: number,
): number {
  const { numbers } = weights
  let sum = 0
  for (let i = from; i < hashes.length; i++) {
    const at = weights.find(hashes[i] as number)
    sum += (values[i] as number) ** 2 / (prior + (at === -1 ? 0 : (numbers[at + 1] as number)))
  }
  return Math.sqrt(sum)
}

/** Counts the features of one more experience. */
export function countFeatures(counts: SparseWeights, { hashes }: SparseVector): void {
  for (const hash of hashes) {
    const at = counts.findOrInsert(hash)
    counts.numbers[at] = (counts.numbers[at] as number) + 1
  }
}

/**
 * A step of AdaGrad. Duchi, Hazan & Singer (2011), "Adaptive subgradient methods", eq. 1 with diagonal matrices.
 *
 * AdaGrad takes the first steps of every weight at full size. Here an accumulator starts at a value in proportion to the share of
 * experiences that have the feature, of all actions: what is in every state says little about an action that was tried once, what
 * is rare says much. A state whose features are all frequent changes its score by the gradient times the rate at first, however
 * many they are. (Ten tools for 15,000 queries, four seeds: mean reward .896 and .958 at the end, without this .890 and .954.)
 * @param counts of all features. @param total number of experiences counted.
 */
export function adagradStep(
  weights: SparseWeights,
  { hashes, values }: SparseVector,
  gradient: number,
  counts: SparseWeights,
  total: number,
): void {
  let length = 0
  for (const value of values) length += Math.abs(value)
  for (let i = 0; i < hashes.length; i++) {
    const hash = hashes[i] as number
    const value = values[i] as number
    if (value === 0) continue
    const step = gradient * value
    const share = (counts.numbers[counts.find(hash)] ?? 0) / total
    const at = weights.findOrInsert(hash)
    const { numbers } = weights
    const accumulator = (numbers[at + 1] as number) + step * step
    numbers[at + 1] = accumulator
    const start = share * (value * length) ** 2
    numbers[at] = (numbers[at] as number) - (RATE * step) / Math.sqrt(start + accumulator + SMALLEST)
  }
}
