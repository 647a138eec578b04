import { type HashedFeatures, VOCABULARY } from './feature-hashing.ts'

/**
 * TF-IDF over hashed features: a feature that occurs n times in a document and in d of N documents has the weight
 * (1 + ln n) * (1 + ln((1 + N) / (1 + d))). Salton & Buckley (1988), "Term-weighting approaches in automatic text
 * retrieval"; Manning, Raghavan & Schütze (2008), section 6.4; smoothed as if one more document had every feature, so
 * that a single document has weights, too.
 * Sums run over features in ascending order, so that they are bitwise reproducible, whatever was added or removed before.
 */
export class TfIdf {
  /** Document frequencies d, and ln(1 + d). */
  readonly #documents = new Uint32Array(VOCABULARY)
  readonly #logarithms = new Float64Array(VOCABULARY)
  /** Scratch space: the weights of the compared document. */
  readonly #compared = new Float64Array(VOCABULARY)
  #total = 0

  add(...parts: readonly HashedFeatures[]): void {
    this.#count(parts, 1)
  }

  remove(...parts: readonly HashedFeatures[]): void {
    this.#count(parts, -1)
  }

  /** The squared length of a vector under the current weights. */
  squaredLength({ features, frequencies }: HashedFeatures): number {
    const [base, logarithms] = [this.#base(), this.#logarithms]
    let sum = 0
    for (let i = 0; i < features.length; i++) {
      const weight = (frequencies[i] as number) * (base - (logarithms[features[i] as number] as number))
      sum += weight * weight
    }
    return sum
  }

  /** Calls `compare` with a function that returns the dot product of a vector with the vector of all `parts`. */
  comparing<T>(parts: readonly HashedFeatures[], compare: (dot: (other: HashedFeatures) => number) => T): T {
    const [base, logarithms, compared] = [this.#base(), this.#logarithms, this.#compared]
    for (const { features, frequencies } of parts) {
      for (const [i, feature] of features.entries()) {
        compared[feature] = (frequencies[i] as number) * (base - (logarithms[feature] as number))
      }
    }
    try {
      return compare(({ features, frequencies }) => {
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

/** The cosine of two vectors with weights of at least 0. @returns in [0, 1]; 1 if both vectors are empty, 0 if one is. */
export function cosine(dot: number, squaredLength: number, otherSquaredLength: number): number {
  if (squaredLength === 0 || otherSquaredLength === 0) return squaredLength === otherSquaredLength ? 1 : 0
  return Math.min(1, dot / Math.sqrt(squaredLength * otherSquaredLength))
}
