import type { Random } from '../../src/algorithms/random.ts'

/** Random draws from the distributions of Bayesian policies, as a reference for the probabilities that the store computes. */

/** Draws from the standard normal distribution. Marsaglia & Bray (1964), the polar method; its second number is discarded. */
export function drawNormal(random: Random): number {
  for (;;) {
    const x = 2 * random.next() - 1
    const y = 2 * random.next() - 1
    const s = x * x + y * y
    if (s > 0 && s < 1) return x * Math.sqrt((-2 * Math.log(s)) / s)
  }
}

/**
 * Draws from the gamma distribution of scale 1: mean `shape`, variance `shape`. Marsaglia & Tsang (2000); shapes below 1 by
 * their section 6.
 * @param shape above 0.
 */
export function drawGamma(shape: number, random: Random): number {
  if (shape < 1) return drawGamma(shape + 1, random) * (1 - random.next()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = drawNormal(random)
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

/** Draws from the beta distribution: mean alpha / (alpha + beta). @param alpha above 0. @param beta above 0. */
export function drawBeta(alpha: number, beta: number, random: Random): number {
  const x = drawGamma(alpha, random)
  const y = drawGamma(beta, random)
  // With tiny parameters both draws can underflow to 0; the mass then lies at the two ends.
  return x + y > 0 ? x / (x + y) : random.next() * (alpha + beta) < alpha ? 1 : 0
}
