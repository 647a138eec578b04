import { epsilonGreedy } from './exploration.ts'

/** What Thompson sampling chooses, as probabilities: each action as often as it is believed to be the best. */

/** A belief about what an action is worth. */
export interface Belief {
  readonly mean: number
  /** Standard deviation, above 0. */
  readonly deviation: number
  /** Logarithm of the density, but for a constant. */
  logDensity(x: number): number
}

/** Logarithm of a density that is none. */
const NO_DENSITY = -30

/** Nodes for each belief, in its standard deviations around its mean; beyond the last ones its density is no number. */
const NODES = [-33, -14, -8, -6, -4.5, -3.5, -2.75, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.75, 3.5, 4.5, 6, 8, 14, 33]

/**
 * The probability of each belief to be about the greatest worth: the integral of its density times the distribution functions of the
 * others, by Simpson's rule between nodes that follow all beliefs. Off by less than .01. Thompson (1933); Scott (2010), "A modern
 * Bayesian look at the multi-armed bandit", eq. 2.
 * @param beliefs shape [A], A >= 1. @param least @param most where worths lie. @returns shape [A], sum 1.
 */
export function probabilitiesOfBest(
  beliefs: readonly Belief[],
  least: number = Number.NEGATIVE_INFINITY,
  most: number = Number.POSITIVE_INFINITY,
): number[] {
  const nodes = nodesOf(beliefs, least, most)
  const curves = beliefs.map((belief) => distributionAlong(belief, nodes))
  const shares = beliefs.map(() => 0)
  let before = othersBelow(curves, 0)
  for (let k = 1; k < nodes.length; k++) {
    const here = othersBelow(curves, k)
    for (const [a, curve] of curves.entries()) {
      const mass = (curve[k] ?? 0) - (curve[k - 1] ?? 0)
      shares[a] = (shares[a] ?? 0) + (mass * ((before[a] ?? 0) + (here[a] ?? 0))) / 2
    }
    before = here
  }
  const total = shares.reduce((sum, share) => sum + share, 0)
  // Beliefs too narrow for numbers so large leave no area: the greatest means are all there is to go by.
  if (!(total > 0)) return epsilonGreedy(means(beliefs), 0)
  return shares.map((share) => share / total)
}

function means(beliefs: readonly Belief[]): number[] {
  return beliefs.map(({ mean }) => mean)
}

function nodesOf(beliefs: readonly Belief[], least: number, most: number): number[] {
  const all = beliefs.flatMap(({ mean, deviation }) => NODES.map((z) => mean + z * deviation))
  const ends = [least, most].filter(Number.isFinite)
  return [...new Set([...all.filter((x) => x > least && x < most), ...ends])].sort((a, b) => a - b)
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
    const here = density(to)
    sum += ((to - from) * (before + 4 * density((from + to) / 2) + here)) / 6
    before = here
    curve.push(sum)
  }
  return curve.map((value) => value / sum)
}

/** For each belief, how likely all the others lie below node k; shape [A]. */
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
