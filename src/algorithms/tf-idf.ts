import { type HashedFeatures, VOCABULARY } from './feature-hashing.ts'

/**
 * TF-IDF over hashed features: one that is n times in a document and in d of N documents weighs
 * (1 + ln n) * (1 + ln((1 + N) / (1 + d))). Salton & Buckley (1988), "Term-weighting approaches in automatic text
 * retrieval"; Manning, Raghavan & Schütze (2008), section 6.4; the ones in the fraction as if one more document had every
 * feature, so that a lone document has weights too.
 * Sums run over features in ascending order, so they come out the same, bit for bit, whatever was added or removed before.
 */
export class TfIdf {
  /** How many documents have a feature. */
  readonly #documents = new Uint32Array(VOCABULARY)
  /** Weights of the document that others are compared with. */
  readonly #compared = new Float64Array(VOCABULARY)
  /** Of 0 (never asked for), 1, 2 and so on. */
  #logarithms = new Float64Array(0)
  #total = 0

  add(...parts: readonly HashedFeatures[]): void {
    for (const { features } of parts) for (const feature of features) (this.#documents[feature] as number)++
    this.#total++
  }

  remove(...parts: readonly HashedFeatures[]): void {
    for (const { features } of parts) for (const feature of features) (this.#documents[feature] as number)--
    this.#total--
  }

  /** The squared length of a vector as weights are now. */
  squaredLength({ features, counts }: HashedFeatures): number {
    const weightOf = this.#weights()
    let sum = 0
    for (let i = 0; i < features.length; i++) sum += weightOf(features[i] as number, counts[i] as number) ** 2
    return sum
  }

  /** Hands `work` the dot product with the vector of `parts` together; features of different parts have nothing in common. */
  comparing<T>(parts: readonly HashedFeatures[], work: (dot: (other: HashedFeatures) => number) => T): T {
    const weightOf = this.#weights()
    const compared = this.#compared
    for (const { features, counts } of parts) {
      for (let i = 0; i < features.length; i++) {
        compared[features[i] as number] = weightOf(features[i] as number, counts[i] as number)
      }
    }
    try {
      return work(({ features, counts }) => {
        let sum = 0
        for (let i = 0; i < features.length; i++) {
          const weight = compared[features[i] as number] as number
          if (weight !== 0) sum += weight * weightOf(features[i] as number, counts[i] as number)
        }
        return sum
      })
    } finally {
      for (const { features } of parts) for (const feature of features) compared[feature] = 0
    }
  }

  #weights(): (feature: number, count: number) => number {
    const documents = this.#documents
    const logarithms = this.#upTo(this.#total + 1)
    const base = 1 + (logarithms[this.#total + 1] as number)
    return (feature, count) => {
      const idf = base - (logarithms[1 + (documents[feature] as number)] as number)
      return count === 1 ? idf : (1 + Math.log(count)) * idf
    }
  }

  #upTo(n: number): Float64Array {
    if (this.#logarithms.length <= n) this.#logarithms = Float64Array.from({ length: 2 * n + 1 }, (_, i) => Math.log(i))
    return this.#logarithms
  }
}

/** @returns in [0, 1]; 1 where both are empty, 0 where one is. */
export function cosine(dot: number, squaredLength: number, otherSquaredLength: number): number {
  if (squaredLength === 0 || otherSquaredLength === 0) return squaredLength === otherSquaredLength ? 1 : 0
  return Math.min(1, dot / Math.sqrt(squaredLength * otherSquaredLength))
}
