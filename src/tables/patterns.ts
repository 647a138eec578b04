import type { Connection } from '../sql/connection.ts'
import { fromSqlTime, toSqlTime } from './sql-time.ts'

/** A row of `patterns`. */
export interface PatternRow {
  readonly id: number
  readonly patternType: string
  /** Canonical JSON. */
  readonly patternData: string
  /** In [0, 1]. */
  readonly confidence: number
  /** In [0, 1]. */
  readonly successRate: number
  readonly usageCount: number
  /** ISO 8601 in UTC. */
  readonly lastUsed: string
  /** Null in rows of other systems. */
  readonly agentId: string | null
  readonly successCount: number
}

type Columns = [number, string, string, number, number, number, string, string | null, number]

const COLUMNS = `id, pattern_type, pattern_data, confidence, success_rate, usage_count, last_used, agent_id, success_count`

const BY_ID = `SELECT ${COLUMNS} FROM patterns WHERE id = ?`

/** The oldest match: another system can have written several. */
const BY_DATA = `SELECT ${COLUMNS} FROM patterns
  WHERE agent_id = ? AND pattern_type = ? AND pattern_data = ? ORDER BY id LIMIT 1`

const BY_TYPE = `SELECT ${COLUMNS} FROM patterns WHERE agent_id = ? AND pattern_type = ? ORDER BY id LIMIT 1`

const ALL = `SELECT ${COLUMNS} FROM patterns
  WHERE (?1 IS NULL OR pattern_type = ?1) AND pattern_type NOT LIKE '%:failure' ORDER BY id`

const OF_AGENT = `SELECT ${COLUMNS} FROM patterns
  WHERE agent_id = ?2 AND (?1 IS NULL OR pattern_type = ?1) AND pattern_type NOT LIKE '%:failure' ORDER BY id`

const FAILURES = `SELECT ${COLUMNS} FROM patterns
  WHERE (?1 IS NULL OR agent_id = ?1) AND pattern_type LIKE '%:failure'
  ORDER BY usage_count DESC, id LIMIT ?2 OFFSET ?3`

const NUMBERS = 'SELECT id, agent_id, pattern_type, pattern_data FROM patterns ORDER BY id'

const INSERT = `INSERT INTO patterns
    (pattern_type, pattern_data, confidence, success_rate, usage_count, last_used, agent_id, success_count)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`

const UPDATE = `UPDATE patterns SET pattern_data = ?, confidence = ?, success_rate = ?, usage_count = ?, last_used = ?,
    success_count = ? WHERE id = ?`

/** Learned strategies, and failures by frequency under types that end in `:failure`. */
export class PatternsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get(id: number): PatternRow | undefined {
    const columns = this.#connection.get<Columns>(BY_ID, [id])
    return columns && toRow(columns)
  }

  find(agentId: string, patternType: string, patternData: string): PatternRow | undefined {
    const columns = this.#connection.get<Columns>(BY_DATA, [agentId, patternType, patternData])
    return columns && toRow(columns)
  }

  findType(agentId: string, patternType: string): PatternRow | undefined {
    const columns = this.#connection.get<Columns>(BY_TYPE, [agentId, patternType])
    return columns && toRow(columns)
  }

  /** Oldest first, without failures. Null matches all. */
  list(agentId: string | null, patternType: string | null): PatternRow[] {
    const rows =
      agentId === null
        ? this.#connection.all<Columns>(ALL, [patternType])
        : this.#connection.all<Columns>(OF_AGENT, [patternType, agentId])
    return rows.map(toRow)
  }

  /** Most frequent first. */
  failures(agentId: string | null, limit: number, offset: number): PatternRow[] {
    return this.#connection.all<Columns>(FAILURES, [agentId, limit, offset]).map(toRow)
  }

  /** The ids of all patterns by the JSON of `[agent_id, pattern_type, pattern_data]`. */
  numbers(): Map<string, number> {
    const rows = this.#connection.all<[number, string | null, string, string]>(NUMBERS)
    return new Map(rows.map(([id, ...key]) => [JSON.stringify(key), id]))
  }

  /** Inserts a row. @returns its id. */
  insert(row: Omit<PatternRow, 'id'>): number {
    this.#connection.run(INSERT, [
      row.patternType,
      row.patternData,
      row.confidence,
      row.successRate,
      row.usageCount,
      toSqlTime(row.lastUsed),
      row.agentId,
      row.successCount,
    ])
    return this.#connection.get<[number]>('SELECT last_insert_rowid()')?.[0] ?? 0
  }

  /** Updates the columns that change with each use. */
  update({ id, patternData, confidence, successRate, usageCount, lastUsed, successCount }: PatternRow): void {
    this.#connection.run(UPDATE, [
      patternData,
      confidence,
      successRate,
      usageCount,
      toSqlTime(lastUsed),
      successCount,
      id,
    ])
  }
}

function toRow(columns: Columns): PatternRow {
  return {
    id: columns[0],
    patternType: columns[1],
    patternData: columns[2],
    confidence: columns[3],
    successRate: columns[4],
    usageCount: columns[5],
    lastUsed: fromSqlTime(columns[6]),
    agentId: columns[7],
    successCount: columns[8],
  }
}
