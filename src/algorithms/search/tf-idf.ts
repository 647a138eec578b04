import { type HashedFeatures, VOCABULARY } from './feature-hashing.ts'

/**
 * TF-IDF over hashed features: one that is n times in a document and in d of N documents weighs
 * (1 + ln n) * (1 + ln((1 + N) / (1 + d))). Salton & Buckley (1988), "Term-weighting approaches in automatic text
 * retrieval"; Manning, Raghavan & Schütze (2008), section 6.4; the ones in the fraction as if one more document had every
 * feature, so that a lone document has weights too.
 * Sums run over features in ascending order, so they come out the same, bit for bit, whatever was added or removed before.
 */
export class TfIdf {
  /** How many documents have a feature, and the logarithm of one more than that. */
  readonly #documents = new Uint32Array(VOCABULARY)
  readonly #logarithms = new Float64Array(VOCABULARY)
  /** Weights of the document that others are compared with. */
  readonly #compared = new Float64Array(VOCABULARY)
  #total = 0

  add(...parts: readonly HashedFeatures[]): void {
    this.#count(parts, 1)
  }

  remove(...parts: readonly HashedFeatures[]): void {
    this.#count(parts, -1)
  }

  /** The squared length of a vector as weights are now. */
  squaredLength({ features, frequencies }: HashedFeatures): number {
    const [base, logarithms] = [this.#base(), this.#logarithms]
    let sum = 0
    for (let i = 0; i < features.length; i++) {
      const weight = (frequencies[i] as number) * (base - (logarithms[features[i] as number] as number))
      sum += weight * weight
    }
    return sum
  }

  /** Hands `work` the dot product with the vector of `parts` together; features of different parts have nothing in common. */
  comparing<T>(parts: readonly HashedFeatures[], work: (dot: (other: HashedFeatures) => number) => T): T {
    const [base, logarithms, compared] = [this.#base(), this.#logarithms, this.#compared]
    for (const { features, frequencies } of parts) {
      for (const [i, feature] of features.entries()) {
        compared[feature] = (frequencies[i] as number) * (base - (logarithms[feature] as number))
      }
    }
    try {
      return work(({ features, frequencies }) => {
        let sum = 0
        for (let i = 0; i < features.length; i++) {
          const feature = features[i] as number
          const weight = compared[feature] as number
          if (weight !== 0) sum += weight * ((frequencies[i] as number) * (base - (logarithms[feature] as number)))
        }
        return sum
      })
    } finally {
      for (const { features } of parts) for (const feature of features) compared[feature] = 0
    }
  }

  #base(): number {
    return 1 + Math.log(1 + this.#total)
  }

  #count(parts: readonly HashedFeatures[], times: 1 | -1): void {
    this.#total += times
    for (const { features } of parts) {
      for (const feature of features) {
        const documents = (this.#documents[feature] as number) + times
        this.#documents[feature] = documents
        this.#logarithms[feature] = Math.log(1 + documents)
      }
    }
  }
}

/** @returns in [0, 1]; 1 where both are empty, 0 where one is. */
export function cosine(dot: number, squaredLength: number, otherSquaredLength: number): number {
  if (squaredLength === 0 || otherSquaredLength === 0) return squaredLength === otherSquaredLength ? 1 : 0
  return Math.min(1, dot / Math.sqrt(squaredLength * otherSquaredLength))
}
