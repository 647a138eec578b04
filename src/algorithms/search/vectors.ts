import { TopList } from './top-list.ts'

/** A vector near the queried one. */
export interface NearVector {
  readonly id: string
  /** Cosine similarity, in [-1, 1]. */
  readonly similarity: number
}

interface MeasuredVector {
  readonly vector: Float32Array
  readonly length: number
}

/** The Euclidean length, in double precision. */
export function lengthOf(vector: Float32Array): number {
  return Math.sqrt(dot(vector, vector))
}

/** An index of vectors, one or several by id, searched exhaustively: exact, and fast enough for tens of thousands of vectors. */
export class VectorIndex {
  readonly #vectors = new Map<string, readonly MeasuredVector[]>()

  /** Adds or replaces the vectors of an id; the nearest counts. */
  set(id: string, ...vectors: readonly Float32Array[]): void {
    this.#vectors.set(
      id,
      vectors.map((vector) => ({ vector, length: lengthOf(vector) })),
    )
  }

  remove(id: string): void {
    this.#vectors.delete(id)
  }

  /**
   * Finds the nearest vectors by cosine similarity. Vectors of another dimension are left out; that of zeros has no direction, and the
   * similarity 0 to all.
   * @param limit maximum number. @param minimum similarity.
   * @param fits called only for vectors that are near enough. @returns the nearest first, ties by id.
   */
  nearest(vector: Float32Array, limit: number, minimum: number, fits: (id: string) => boolean): NearVector[] {
    const length = lengthOf(vector)
    const best = new TopList<string>(limit)
    for (const [id, others] of this.#vectors) {
      let nearest = Number.NEGATIVE_INFINITY
      for (const other of others) {
        if (other.vector.length !== vector.length) continue
        const lengths = length * other.length
        // Rounding can bring a cosine beyond 1.
        const cosine = lengths === 0 ? 0 : Math.max(-1, Math.min(1, dot(vector, other.vector) / lengths))
        if (cosine > nearest) nearest = cosine
      }
      if (nearest >= minimum && nearest >= best.least && fits(id)) best.add(id, nearest)
    }
    return best.best().map(({ key: id, score: similarity }) => ({ id, similarity }))
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}
