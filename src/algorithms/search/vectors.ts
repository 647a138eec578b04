import { TopList } from './top-list.ts'

export interface NearVector {
  readonly id: string
  /** The cosine, in [-1, 1]. */
  readonly similarity: number
}

interface StoredState {
  readonly vector: Float32Array
  readonly length: number
}

/** The Euclidean length, in double precision. */
export function lengthOf(vector: Float32Array): number {
  return Math.sqrt(dot(vector, vector))
}

/** Vectors of one dimension, searched one by one: exact, and for some tens of thousands fast enough. */
export class VectorIndex {
  readonly #vectors = new Map<string, StoredState>()

  /** @param vector not of zeros alone. */
  set(id: string, vector: Float32Array): void {
    this.#vectors.set(id, { vector, length: lengthOf(vector) })
  }

  remove(id: string): void {
    this.#vectors.delete(id)
  }

  /**
   * By cosine, the nearest first, equals by id. @param vector of the same dimension, not of zeros alone. @param fits is asked
   * of few: of those that are near enough so far.
   */
  nearest(vector: Float32Array, most: number, minimum: number, fits: (id: string) => boolean): NearVector[] {
    const length = lengthOf(vector)
    const best = new TopList<string>(most)
    for (const [id, other] of this.#vectors) {
      // Rounding may bring a cosine past 1.
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
