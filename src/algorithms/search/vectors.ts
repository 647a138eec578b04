import { TopList } from './top-list.ts'

/** A vector near the queried one. */
export interface NearVector {
  readonly id: string
  /** Cosine similarity, in [-1, 1]. */
  readonly similarity: number
}

interface Entry {
  readonly vector: Float32Array
  readonly length: number
}

/** The Euclidean length, in double precision. */
export function lengthOf(vector: Float32Array): number {
  return Math.sqrt(dot(vector, vector))
}

/** An index of vectors of one dimension, searched exhaustively: exact, and fast enough for tens of thousands of vectors. */
export class VectorIndex {
  readonly #vectors = new Map<string, Entry>()

  /** Adds or replaces a vector. @param vector not all zeros. */
  set(id: string, vector: Float32Array): void {
    this.#vectors.set(id, { vector, length: lengthOf(vector) })
  }

  remove(id: string): void {
    this.#vectors.delete(id)
  }

  /**
   * Finds the nearest vectors by cosine similarity.
   * @param vector of the same dimension, not all zeros. @param limit maximum number. @param minimum similarity.
   * @param fits called only for vectors that are near enough. @returns the nearest first, ties by id.
   */
  nearest(vector: Float32Array, limit: number, minimum: number, fits: (id: string) => boolean): NearVector[] {
    const length = lengthOf(vector)
    const best = new TopList<string>(limit)
    for (const [id, other] of this.#vectors) {
      // Rounding can bring a cosine beyond 1.
      const cosine = Math.max(-1, Math.min(1, dot(vector, other.vector) / (length * other.length)))
      if (cosine >= minimum && cosine >= best.least && fits(id)) best.add(id, cosine)
    }
    return best.best().map(({ key: id, score: similarity }) => ({ id, similarity }))
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}
