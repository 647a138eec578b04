import type { Connection } from '../sql/connection.ts'
import { fromSqlTime, toSqlTime } from './sql-time.ts'

/** A row of `pattern_similarity_index`: the similarity of two patterns when it was computed. */
export interface SimilarPair {
  /** The smaller of the two ids. */
  readonly patternA: string
  readonly patternB: string
  /** In [0, 1], like the next three. */
  readonly similarity: number
  readonly structure: number
  readonly identifiers: number
  readonly metadata: number
  readonly algorithm: string
  /** ISO 8601 in UTC. */
  readonly lastComputed: string
}

type Columns = [string, string, number, number, number, number, string, string]

const SELECT = `SELECT pattern_a, pattern_b, similarity_score, structure_similarity, identifier_similarity,
    metadata_similarity, algorithm, last_computed
  FROM pattern_similarity_index`

const ORDER = 'ORDER BY similarity_score DESC, pattern_a, pattern_b LIMIT ? OFFSET ?'
const LIST = `${SELECT} WHERE similarity_score >= ? ${ORDER}`
const OF_PATTERN = `${SELECT} WHERE (pattern_a = ? OR pattern_b = ?) AND similarity_score >= ? ${ORDER}`

const INSERT = `INSERT INTO pattern_similarity_index (pattern_a, pattern_b, similarity_score, structure_similarity,
    identifier_similarity, metadata_similarity, algorithm, last_computed)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`

/** Pairs of similar patterns. */
export class PatternSimilaritiesTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  append(row: SimilarPair): void {
    this.#connection.run(INSERT, [
      row.patternA,
      row.patternB,
      row.similarity,
      row.structure,
      row.identifiers,
      row.metadata,
      row.algorithm,
      toSqlTime(row.lastComputed),
    ])
  }

  /** Most similar first. Null matches all patterns. */
  list(patternId: string | null, minimum: number, limit: number, offset: number): SimilarPair[] {
    const page = [minimum, limit, offset]
    return patternId === null
      ? this.#connection.all<Columns>(LIST, page).map(toRow)
      : this.#connection.all<Columns>(OF_PATTERN, [patternId, patternId, ...page]).map(toRow)
  }

  removeOf(patternId: string): void {
    const sql = 'DELETE FROM pattern_similarity_index WHERE pattern_a = ? OR pattern_b = ?'
    this.#connection.run(sql, [patternId, patternId])
  }
}

function toRow([patternA, patternB, similarity, structure, identifiers, metadata, ...rest]: Columns): SimilarPair {
  const [algorithm, lastComputed] = rest
  return {
    patternA,
    patternB,
    similarity,
    structure,
    identifiers,
    metadata,
    algorithm,
    lastComputed: fromSqlTime(lastComputed),
  }
}
