/** Dampens the weight of the first ranks: the value of the paper. */
const K = 60

/** A ranked list, the best first, and the weight of its ranks. */
export interface WeightedRanking<Key> {
  readonly keys: readonly Key[]
  readonly weight: number
}

/**
 * Reciprocal rank fusion: the score of an item is the sum of weight / (60 + rank) over the lists that contain it, whose ranks begin at 1.
 * Needs no common scale of scores. Cormack, Clarke & Büttcher (2009), "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
 * Learning Methods"; the paper has equal weights of 1.
 */
export function fuseRankings<Key>(rankings: readonly WeightedRanking<Key>[]): Map<Key, number> {
  const scores = new Map<Key, number>()
  for (const { keys, weight } of rankings) {
    for (const [i, key] of keys.entries()) scores.set(key, (scores.get(key) ?? 0) + weight / (K + i + 1))
  }
  return scores
}
