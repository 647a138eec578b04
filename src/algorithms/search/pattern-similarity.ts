import { type HashedFeatures, hashFeatures } from './feature-hashing.ts'
import type { PatternFeatures } from './pattern-features.ts'
import { cosine, TfIdf } from './tf-idf.ts'
import { TopList } from './top-list.ts'

/** How alike two patterns are, each in [0, 1]. */
export interface Similarity {
  /** The mean of the three by their weights. */
  readonly similarity: number
  readonly structure: number
  readonly identifiers: number
  readonly metadata: number
}

/** How much each part counts; only their proportions matter. */
export type SimilarityWeights = Omit<Similarity, 'similarity'>

export const SIMILARITY_WEIGHTS: SimilarityWeights = { structure: 0.4, identifiers: 0.4, metadata: 0.2 }

/** The features of a pattern in its parts: structure, identifiers, metadata. */
export type Parts = readonly [HashedFeatures, HashedFeatures, HashedFeatures]

export interface SimilarPattern extends Similarity {
  readonly id: string
}

interface Entry<Label> {
  readonly parts: Parts
  readonly label: Label
  /** As weights were at `revision`. */
  squaredLengths: readonly [number, number, number]
  revision: number
}

export interface SimilarityQuery<Label> {
  readonly weights: SimilarityWeights
  readonly minimum: number
  readonly most: number
  readonly fits: (label: Label, id: string) => boolean
}

export function partsOf({ structure, identifiers, metadata }: PatternFeatures): Parts {
  return [hashFeatures(0, structure), hashFeatures(1, identifiers), hashFeatures(2, metadata)]
}

/**
 * The patterns to compare with, under one vocabulary: in each part the cosine of TF-IDF vectors, then their weighted mean.
 * Adding and removing one costs as much as it has features, and leaves what an index built anew would be.
 */
export class SimilarityIndex<Label> {
  readonly #entries = new Map<string, Entry<Label>>()
  readonly #tfIdf = new TfIdf()
  #revision = 0

  /** Adds a pattern, or puts it in the storage of the one with this id. @param label what queries are limited by. */
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

  /** The most similar first, equals by id. What is compared need not be in the index. */
  nearest(parts: Parts, { weights, minimum, most, fits }: SimilarityQuery<Label>): SimilarPattern[] {
    const lengths = this.#lengthsOf(parts)
    const sum = weights.structure + weights.identifiers + weights.metadata
    return this.#tfIdf.comparing(parts, (dot) => {
      const best = new TopList<string>(most)
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
