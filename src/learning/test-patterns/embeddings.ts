import { type NearVector, VectorIndex } from '../../algorithms/search/vectors.ts'
import { PatternEmbeddingsTable } from '../../tables/test-pattern-embeddings.ts'
import { isoTime } from '../../times.ts'
import type { Core } from '../core/core.ts'
import { IncrementalIndex } from '../incremental-index.ts'
import { otherDimension, otherEmbedder } from '../vectors.ts'

/** The embedding of a pattern by one embedder. */
export interface Embedding {
  /** The name of the model that computed the vector. */
  readonly embedder: string
  /** The vector; stored as 32-bit floats. */
  readonly vector: Float32Array
}

/** An embedder with stored vectors. */
export interface Embedder {
  /** The name of the model. */
  readonly embedder: string
  /** The dimension of its vectors. */
  readonly dimension: number
  /** Number of patterns with a vector of this embedder. */
  readonly count: number
}

/** Embeddings that callers computed, compared by cosine similarity. They are in memory from the first search on. */
export class TestPatternEmbeddings {
  readonly #core: Core
  readonly #table: PatternEmbeddingsTable
  readonly #indexes = new Map<string, IncrementalIndex<VectorIndex>>()

  constructor(core: Core) {
    this.#core = core
    this.#table = new PatternEmbeddingsTable(core.connection)
  }

  /** @throws INVALID_ARGUMENT if the embedder's vectors have another dimension. */
  checkDimension(embedder: string, vector: Float32Array): void {
    const dimension = this.#table.dimensionOf(embedder)
    if (dimension !== undefined && dimension !== vector.length) throw otherDimension(embedder, dimension, vector)
  }

  /** Call it inside a transaction. */
  set(patternId: string, embedder: string, vector: Float32Array): void {
    this.#table.set(patternId, embedder, vector, isoTime(this.#core.now()))
    this.#indexes.get(embedder)?.changed(patternId)
  }

  get(patternId: string, embedder: string): Embedding | undefined {
    const vector = this.#table.get(patternId, embedder)
    return vector && { embedder, vector }
  }

  embedders(): Embedder[] {
    return this.#table.embedders()
  }

  /** Call it inside a transaction. @returns false if there is none. */
  remove(patternId: string, embedder: string): boolean {
    this.#indexes.get(embedder)?.changed(patternId)
    return this.#table.remove(patternId, embedder)
  }

  /** Removes all embeddings of a pattern. Call it inside a transaction. */
  removeAll(patternId: string): void {
    for (const index of this.#indexes.values()) index.changed(patternId)
    this.#table.removeOf(patternId)
  }

  /** @throws INVALID_ARGUMENT if there are only vectors of other embedders, or of another dimension. */
  nearest(
    vector: Float32Array,
    embedder: string,
    limit: number,
    minimum: number,
    fits: (id: string) => boolean,
  ): NearVector[] {
    if (this.#table.dimensionOf(embedder) === undefined) {
      const used = this.#table.embedders().map((one) => one.embedder)
      if (used.length === 0) return []
      throw otherEmbedder(embedder, used)
    }
    this.checkDimension(embedder, vector)
    return this.#indexOf(embedder).current().nearest(vector, limit, minimum, fits)
  }

  #indexOf(embedder: string): IncrementalIndex<VectorIndex> {
    const known = this.#indexes.get(embedder)
    if (known) return known
    const created = new IncrementalIndex(this.#core, {
      build: () => {
        const index = new VectorIndex()
        for (const { patternId, vector } of this.#table.ofEmbedder(embedder)) index.set(patternId, vector)
        return index
      },
      refresh: (index, patternId) => {
        const vector = this.#table.get(patternId, embedder)
        if (vector) index.set(patternId, vector)
        else index.remove(patternId)
      },
    })
    this.#indexes.set(embedder, created)
    return created
  }
}
