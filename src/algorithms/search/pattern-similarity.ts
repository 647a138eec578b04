import { type HashedFeatures, hashFeatures } from './feature-hashing.ts'
import type { PatternFeatures } from './pattern-features.ts'
import { cosine, TfIdf } from './tf-idf.ts'
import { TopList } from './top-list.ts'

/** The similarity of two patterns; all numbers in [0, 1]. */
export interface Similarity {
  /** Weighted mean of the three parts. */
  readonly similarity: number
  /** Similarity of code structure. */
  readonly structure: number
  /** Similarity of identifiers and texts. */
  readonly identifiers: number
  /** Similarity of type, framework, language, tags and words. */
  readonly metadata: number
}

/** Weights of the parts, each at least 0; only their proportions matter. */
export type SimilarityWeights = Omit<Similarity, 'similarity'>

export const SIMILARITY_WEIGHTS: SimilarityWeights = { structure: 0.4, identifiers: 0.4, metadata: 0.2 }

/** The hashed features of a pattern: structure, identifiers, metadata. */
export type Parts = readonly [HashedFeatures, HashedFeatures, HashedFeatures]

/** A pattern that is similar to the queried one. */
export interface SimilarPattern extends Similarity {
  readonly id: string
}

interface Entry<Label> {
  readonly parts: Parts
  readonly label: Label
  /** Squared lengths of the vectors, valid for `revision` of the index. */
  squaredLengths: readonly [number, number, number]
  revision: number
}

/** A query for similar patterns. */
export interface SimilarityQuery<Label> {
  readonly weights: SimilarityWeights
  /** Minimum similarity, in [0, 1]. */
  readonly minimum: number
  /** Maximum number of results. */
  readonly limit: number
  /** Whether a pattern is a candidate. */
  readonly fits: (label: Label, id: string) => boolean
}

/** Hashes the features of a pattern. */
export function partsOf({ structure, identifiers, metadata }: PatternFeatures): Parts {
  return [hashFeatures(0, structure), hashFeatures(1, identifiers), hashFeatures(2, metadata)]
}

/**
 * An index of patterns for similarity search: the weighted mean over the parts of the cosine of TF-IDF vectors. Adding or removing a
 * pattern takes time in proportion to its features and gives the same index as building it again.
 */
export class SimilarityIndex<Label> {
  readonly #entries = new Map<string, Entry<Label>>()
  readonly #tfIdf = new TfIdf()
  #revision = 0

  /** Adds or replaces a pattern. @param label passed to the `fits` of queries. */
  set(id: string, parts: Parts, label: Label): void {
    this.remove(id)
    this.#tfIdf.add(...parts)
    this.#entries.set(id, { parts, label, squaredLengths: [0, 0, 0], revision: -1 })
    this.#revision++
  }

  remove(id: string): void {
    const entry = this.#entries.get(id)
    if (!entry) return
    this.#tfIdf.remove(...entry.parts)
    this.#entries.delete(id)
    this.#revision++
  }

  partsOf(id: string): Parts | undefined {
    return this.#entries.get(id)?.parts
  }

  /** Finds similar patterns. @param parts of any pattern, indexed or not. @returns the most similar first, ties by id. */
  nearest(parts: Parts, { weights, minimum, limit, fits }: SimilarityQuery<Label>): SimilarPattern[] {
    const lengths = this.#lengthsOf(parts)
    const sum = weights.structure + weights.identifiers + weights.metadata
    return this.#tfIdf.comparing(parts, (dot) => {
      const best = new TopList<string>(limit)
      const measure = ({ parts: other, squaredLengths }: Entry<Label>): Similarity => {
        const structure = cosine(dot(other[0]), lengths[0], squaredLengths[0])
        const identifiers = cosine(dot(other[1]), lengths[1], squaredLengths[1])
        const metadata = cosine(dot(other[2]), lengths[2], squaredLengths[2])
        const weighted = weights.structure * structure + weights.identifiers * identifiers + weights.metadata * metadata
        return { similarity: Math.min(1, weighted / sum), structure, identifiers, metadata }
      }
      for (const [id, entry] of this.#entries) {
        if (!fits(entry.label, id)) continue
        if (entry.revision !== this.#revision) {
          entry.squaredLengths = this.#lengthsOf(entry.parts)
          entry.revision = this.#revision
        }
        const { similarity } = measure(entry)
        if (similarity >= minimum) best.add(id, similarity)
      }
      return best.best().map(({ key: id }) => ({ id, ...measure(this.#entries.get(id) as Entry<Label>) }))
    })
  }

  #lengthsOf([structure, identifiers, metadata]: Parts): [number, number, number] {
    const length = (part: HashedFeatures): number => this.#tfIdf.squaredLength(part)
    return [length(structure), length(identifiers), length(metadata)]
  }
}
