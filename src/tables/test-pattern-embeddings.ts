import type { Connection } from '../sql/connection.ts'
import { toSqlTime } from './sql-time.ts'
import { bytesOfVectors, vectorsOfBytes } from './vector-bytes.ts'

/** The vector of a pattern. */
export interface EmbeddingRow {
  readonly patternId: string
  readonly vector: Float32Array
}

const SET = `INSERT INTO pattern_embeddings (pattern_id, embedder, dimension, vector, created_at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (pattern_id, embedder) DO UPDATE SET dimension = excluded.dimension, vector = excluded.vector,
    created_at = excluded.created_at`

const GET = 'SELECT vector FROM pattern_embeddings WHERE pattern_id = ? AND embedder = ?'
const OF_EMBEDDER = 'SELECT pattern_id, vector FROM pattern_embeddings WHERE embedder = ? ORDER BY pattern_id'
const EMBEDDERS = `SELECT embedder, max(dimension), count(*) FROM pattern_embeddings GROUP BY embedder ORDER BY embedder`
/** Any row will do: all vectors of an embedder have the same dimension. */
const DIMENSION = 'SELECT dimension FROM pattern_embeddings WHERE embedder = ? LIMIT 1'

/** Vectors of patterns, computed by callers. */
export class PatternEmbeddingsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  set(patternId: string, embedder: string, vector: Float32Array, createdAt: string): void {
    const bytes = bytesOfVectors([vector])
    this.#connection.run(SET, [patternId, embedder, vector.length, bytes, toSqlTime(createdAt)])
  }

  get(patternId: string, embedder: string): Float32Array | undefined {
    const [bytes] = this.#connection.get<[Uint8Array]>(GET, [patternId, embedder]) ?? []
    return bytes && toVector(bytes)
  }

  ofEmbedder(embedder: string): EmbeddingRow[] {
    return this.#connection
      .all<[string, Uint8Array]>(OF_EMBEDDER, [embedder])
      .map(([patternId, bytes]) => ({ patternId, vector: toVector(bytes) }))
  }

  /** The embedders with the dimension and number of their vectors, sorted by name. */
  embedders(): { readonly embedder: string; readonly dimension: number; readonly count: number }[] {
    return this.#connection
      .all<[string, number, number]>(EMBEDDERS)
      .map(([embedder, dimension, count]) => ({ embedder, dimension, count }))
  }

  /** The dimension of an embedder; undefined if it has no vectors. */
  dimensionOf(embedder: string): number | undefined {
    return this.#connection.get<[number]>(DIMENSION, [embedder])?.[0]
  }

  /** Deletes a vector. @returns whether it existed. */
  remove(patternId: string, embedder: string): boolean {
    const sql = 'DELETE FROM pattern_embeddings WHERE pattern_id = ? AND embedder = ?'
    return this.#connection.run(sql, [patternId, embedder]) > 0
  }

  removeOf(patternId: string): void {
    this.#connection.run('DELETE FROM pattern_embeddings WHERE pattern_id = ?', [patternId])
  }
}

function toVector(bytes: Uint8Array): Float32Array {
  return vectorsOfBytes(bytes)[0] ?? new Float32Array(0)
}
