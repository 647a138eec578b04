import { log } from '../elementary.ts'
import { argMaxima } from '../exploration.ts'

/** Number of samples of a distribution over actions. */
const SAMPLES = 256

/**
 * Inverse gap weighting: 1 / (A + gamma * gap) for each action but the best, which takes the rest. Foster & Rakhlin (2020),
 * "Beyond UCB", algorithm 1 (SquareCB); Abe & Long (1999). Of several best actions each takes an equal share of the rest.
 * @param values shape [A], A >= 1, in units in which gaps are at most about 1. @param gamma at least 0; 0 is uniform.
 * @returns probabilities, shape [A], sum 1.
 */
export function squareCb(values: readonly number[], gamma: number): number[] {
  const best = argMaxima(values)
  const greatest = values[best[0] as number] as number
  const shares = values.map((value) => (value === greatest ? 0 : 1 / (values.length + gamma * (greatest - value))))
  const rest = 1 - shares.reduce((sum, share) => sum + share, 0)
  return shares.map((share, a) => (values[a] === greatest ? rest / best.length : share))
}

/**
 * Samples normal distributions and counts how often each is the greatest: the distribution from which Thompson sampling chooses. A
 * choice from the shares of these samples has exactly the probability that is returned; that of one sample is not known.
 * @param means shape [A], A >= 1. @param deviations shape [A]. @param draw returns a uniform number in [0, 1).
 * @returns probabilities, multiples of 1/256, shape [A], sum 1.
 */
export function thompsonShares(means: readonly number[], deviations: readonly number[], draw: () => number): number[] {
  const shares = means.map(() => 0)
  const samples = means.map(() => 0)
  const normal = normalFrom(draw)
  for (let n = 0; n < SAMPLES; n++) {
    for (const [a, mean] of means.entries()) {
      const deviation = deviations[a] as number
      samples[a] = deviation === 0 ? mean : mean + deviation * normal()
    }
    const best = argMaxima(samples)
    for (const a of best) shares[a] = (shares[a] as number) + 1 / (SAMPLES * best.length)
  }
  return shares
}

/** Standard normal numbers by the polar method of Marsaglia & Bray (1964), which makes two at once. */
function normalFrom(draw: () => number): () => number {
  let next: number | undefined
  return () => {
    if (next !== undefined) {
      const normal = next
      next = undefined
      return normal
    }
    for (;;) {
      const [x, y] = [2 * draw() - 1, 2 * draw() - 1]
      const square = x * x + y * y
      if (square === 0 || square >= 1) continue
      const factor = Math.sqrt((-2 * log(square)) / square)
      next = y * factor
      return x * factor
    }
  }
}
