import { epsilonGreedy } from './exploration.ts'

/** A belief about the value of an action: a distribution over values. */
export interface Belief {
  readonly mean: number
  /** Standard deviation, above 0. */
  readonly deviation: number
  /** Logarithm of the density, up to a constant. */
  logDensity(x: number): number
}

/** Relative log densities below this count as density 0. */
const NO_DENSITY = -30

/** Integration nodes of a belief, in standard deviations around its mean. Beyond the last ones its density underflows. */
const NODES = [-33, -14, -8, -6, -4.5, -3.5, -2.75, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.75, 3.5, 4.5, 6, 8, 14, 33]

/**
 * The probability of each action to have the greatest value: the probabilities by which Thompson sampling chooses. Integrates the
 * density of each belief times the distribution functions of the others by Simpson's rule, with nodes around all means; the
 * error is below 0.01. Thompson (1933); Scott (2010), "A modern Bayesian look at the multi-armed bandit", eq. 2.
 * @param beliefs shape [A], A >= 1. @param min lower end of the values. @param max upper end of the values.
 * @returns shape [A], sum 1.
 */
export function probabilitiesOfBest(
  beliefs: readonly Belief[],
  min: number = Number.NEGATIVE_INFINITY,
  max: number = Number.POSITIVE_INFINITY,
): number[] {
  const nodes = nodesOf(beliefs, min, max)
  const curves = beliefs.map((belief) => distributionAlong(belief, nodes))
  const shares = beliefs.map(() => 0)
  let before = othersBelow(curves, 0)
  for (let k = 1; k < nodes.length; k++) {
    const current = othersBelow(curves, k)
    for (const [a, curve] of curves.entries()) {
      const mass = (curve[k] ?? 0) - (curve[k - 1] ?? 0)
      shares[a] = (shares[a] ?? 0) + (mass * ((before[a] ?? 0) + (current[a] ?? 0))) / 2
    }
    before = current
  }
  const total = shares.reduce((sum, share) => sum + share, 0)
  // Narrow beliefs around large means have no area in floating point: only their means can be compared.
  if (!(total > 0)) return epsilonGreedy(means(beliefs), 0)
  return shares.map((share) => share / total)
}

function means(beliefs: readonly Belief[]): number[] {
  return beliefs.map(({ mean }) => mean)
}

function nodesOf(beliefs: readonly Belief[], min: number, max: number): number[] {
  const all = beliefs.flatMap(({ mean, deviation }) => NODES.map((z) => mean + z * deviation))
  const ends = [min, max].filter(Number.isFinite)
  return [...new Set([...all.filter((x) => x > min && x < max), ...ends])].sort((a, b) => a - b)
}

/** The distribution function of a belief at the nodes, from 0 to 1. */
function distributionAlong(belief: Belief, nodes: readonly number[]): number[] {
  const top = belief.logDensity(belief.mean)
  const density = (x: number): number => {
    const logarithm = belief.logDensity(x) - top
    return logarithm < NO_DENSITY ? 0 : Math.exp(logarithm)
  }
  const curve = [0]
  let before = density(nodes[0] ?? 0)
  let sum = 0
  for (let k = 1; k < nodes.length; k++) {
    const [from = 0, to = 0] = [nodes[k - 1], nodes[k]]
    const current = density(to)
    sum += ((to - from) * (before + 4 * density((from + to) / 2) + current)) / 6
    before = current
    curve.push(sum)
  }
  return curve.map((value) => value / sum)
}

/** For each belief, the probability that all others lie below node k; shape [A]. */
function othersBelow(curves: readonly (readonly number[])[], k: number): number[] {
  const products: number[] = []
  let product = 1
  for (const curve of curves) {
    products.push(product)
    product *= curve[k] ?? 0
  }
  product = 1
  for (let a = curves.length - 1; a >= 0; a--) {
    products[a] = (products[a] ?? 0) * product
    product *= curves[a]?.[k] ?? 0
  }
  return products
}
