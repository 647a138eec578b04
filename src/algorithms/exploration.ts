/** Exploration policies: distributions over the available actions, and draws from them. */

/**
 * The epsilon-greedy policy: (1 - e)/k + e/n for each of the k best of n actions, e/n for the others.
 * Sutton & Barto (2018), section 2.2.
 * @param values shape [A], A >= 1. @param epsilon in [0, 1].
 * @returns probabilities, shape [A], sum 1.
 */
export function epsilonGreedy(values: readonly number[], epsilon: number): number[] {
  const best = greatest(values)
  const ties = values.reduce((count, value) => count + (value === best ? 1 : 0), 0)
  const share = epsilon / values.length
  return values.map((value) => (value === best ? (1 - epsilon) / ties + share : share))
}

/**
 * The softmax (Boltzmann) policy. Sutton & Barto (2018), eq. 2.11.
 * @param values shape [A], A >= 1. @param temperature above 0, in the unit of the values; near 0 is greedy.
 * @returns probabilities, shape [A], sum 1.
 */
export function softmax(values: readonly number[], temperature: number): number[] {
  const best = greatest(values)
  const weights = values.map((value) => Math.exp((value - best) / temperature))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

/**
 * The upper confidence bounds of UCB1: value + scale * sqrt(ln(total visits) / visits), Infinity for an action without
 * visits. Auer, Cesa-Bianchi & Fischer (2002) with scale sqrt(2); Sutton & Barto (2018), eq. 2.10.
 * @param values shape [A]. @param visits of each action, shape [A]. @param scale width of the bounds, at least 0.
 * @returns bounds, shape [A], in the unit of the values; the policy takes one of the greatest.
 */
export function ucb1(values: readonly number[], visits: readonly number[], scale: number = Math.SQRT2): number[] {
  const total = visits.reduce((sum, count) => sum + count, 0)
  return values.map((value, a) => {
    const count = visits[a] ?? 0
    return count === 0 ? Number.POSITIVE_INFINITY : value + scale * Math.sqrt(Math.log(total) / count)
  })
}

/** The exploration rate after an episode: rate * decay, at least `floor`, but never above `rate`. */
export function decayed(rate: number, decay: number, floor: number): number {
  return Math.min(rate, Math.max(floor, rate * decay))
}

/** The indices of the greatest values. @param values shape [A], A >= 1. @returns ascending, shape [1..A]. */
export function argMaxima(values: readonly number[]): number[] {
  const best = greatest(values)
  const maxima: number[] = []
  for (const [a, value] of values.entries()) if (value === best) maxima.push(a)
  return maxima
}

/** Draws an index from a distribution. @param probabilities shape [A], sum 1. @param u uniform in [0, 1). */
export function drawIndex(probabilities: readonly number[], u: number): number {
  let rest = u
  for (const [a, probability] of probabilities.entries()) {
    if (rest < probability) return a
    rest -= probability
  }
  // Rounding can leave a rest of a few ulps, which goes to the last action of positive probability.
  return probabilities.findLastIndex((probability) => probability > 0)
}

/** Not Math.max(...values): engines limit the number of arguments. */
function greatest(values: readonly number[]): number {
  return values.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY)
}
