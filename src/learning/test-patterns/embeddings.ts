import { lengthOf, type NearVector, VectorIndex } from '../../algorithms/search/vectors.ts'
import { checkList, invalid } from '../../checks.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import { PatternEmbeddingsTable } from '../../tables/test-pattern-embeddings.ts'
import type { Core } from '../core/core.ts'
import { IncrementalIndex } from './incremental-index.ts'

/** A vector for a pattern, and what computed it. */
export interface Embedding {
  readonly embedder: string
  /** StoredState as 32-bit floats. */
  readonly vector: Float32Array
}

/** An embedder that was used. */
export interface Embedder {
  readonly embedder: string
  readonly dimension: number
  /** How many patterns have a vector of it. */
  readonly count: number
}

/** @throws INVALID_ARGUMENT where a vector is empty, has an item that is no finite 32-bit float, or is 0. */
export function checkVector(value: Float32Array | readonly number[]): Float32Array {
  const items = value instanceof Float32Array ? value : checkList(value, 'vector')
  if (items.length === 0) throw invalid('vector', 'at least one number', items)
  const vector = new Float32Array(items.length)
  for (const [i, item] of items.entries()) {
    vector[i] = typeof item === 'number' ? item : Number.NaN
    if (!Number.isFinite(vector[i])) throw invalid('vector', 'finite 32-bit floats', item)
  }
  if (lengthOf(vector) === 0) throw invalid('vector', 'other than zeros alone', vector)
  return vector
}

/** Vectors that callers computed, compared by their cosine. They are in memory from the first search on. */
export class TestPatternEmbeddings {
  readonly #core: Core
  readonly #table: PatternEmbeddingsTable
  readonly #indexes = new Map<string, IncrementalIndex<VectorIndex>>()

  constructor(core: Core) {
    this.#core = core
    this.#table = new PatternEmbeddingsTable(core.connection)
  }

  /** Vectors changed otherwise than through here: they are read again when they are next needed. */
  forget(): void {
    this.#indexes.clear()
  }

  /** @throws INVALID_ARGUMENT where the embedder's vectors have another dimension. */
  checkDimension(embedder: string, vector: Float32Array): void {
    const dimension = this.#table.dimensionOf(embedder)
    if (dimension !== undefined && dimension !== vector.length) {
      throw invalid('vector', `of dimension ${dimension}, as ${embedder} makes them`, vector.length)
    }
  }

  /** Inside a transaction. */
  set(patternId: string, embedder: string, vector: Float32Array): void {
    this.#table.set(patternId, embedder, vector, sqlTime(this.#core.now()))
    this.#indexes.get(embedder)?.changed(patternId)
  }

  get(patternId: string, embedder: string): Embedding | undefined {
    const vector = this.#table.get(patternId, embedder)
    return vector && { embedder, vector }
  }

  embedders(): Embedder[] {
    return this.#table.embedders()
  }

  /** Inside a transaction. Answers whether there was one. */
  remove(patternId: string, embedder: string): boolean {
    this.#indexes.get(embedder)?.changed(patternId)
    return this.#table.remove(patternId, embedder)
  }

  /** Inside a transaction: a pattern that is gone has no vectors. */
  removeAll(patternId: string): void {
    for (const index of this.#indexes.values()) index.changed(patternId)
    this.#table.removeOf(patternId)
  }

  /** @throws INVALID_ARGUMENT where vectors of other embedders are kept and none of this, or of another dimension. */
  nearest(
    vector: Float32Array,
    embedder: string,
    most: number,
    minimum: number,
    fits: (id: string) => boolean,
  ): NearVector[] {
    if (this.#table.dimensionOf(embedder) === undefined) {
      const used = this.#table.embedders().map((one) => one.embedder)
      if (used.length === 0) return []
      throw invalid('embedder', `one that was used: ${used.join(', ')}`, embedder)
    }
    this.checkDimension(embedder, vector)
    return this.#indexOf(embedder).current().nearest(vector, most, minimum, fits)
  }

  #indexOf(embedder: string): IncrementalIndex<VectorIndex> {
    const known = this.#indexes.get(embedder)
    if (known) return known
    const made = new IncrementalIndex(this.#core, {
      build: () => {
        const index = new VectorIndex()
        for (const { patternId, vector } of this.#table.ofEmbedder(embedder)) index.set(patternId, vector)
        return index
      },
      reread: (index, patternId) => {
        const vector = this.#table.get(patternId, embedder)
        if (vector) index.set(patternId, vector)
        else index.remove(patternId)
      },
    })
    this.#indexes.set(embedder, made)
    return made
  }
}
