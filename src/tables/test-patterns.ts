import type { Connection } from '../sql/connection.ts'
import { fromSqlTime, toSqlTime } from './sql-time.ts'

/** A row of `test_patterns`, with canonical JSON. */
export interface TestPatternRow {
  readonly id: string
  readonly patternType: string
  readonly framework: string
  readonly language: string
  readonly signatureHash: string
  readonly codeSignature: string
  readonly testTemplate: string
  readonly metadata: string
  readonly version: string
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  /** ISO 8601 in UTC. */
  readonly updatedAt: string
}

/** Search criteria; null matches all. */
export interface TestPatternCriteria {
  readonly framework: string | null
  readonly patternType: string | null
  readonly language: string | null
}

type Columns = [string, string, string, string, string, string, string, string | null, string, string, string]

const SELECT = `SELECT id, pattern_type, framework, language, code_signature_hash, code_signature, test_template, metadata,
    version, created_at, updated_at
  FROM test_patterns`

const BY_ID = `${SELECT} WHERE id = ?`
const BY_SIGNATURE = `${SELECT} WHERE code_signature_hash = ? AND framework = ?`
const ALL = `${SELECT} ORDER BY rowid`

const MATCHING = `(?1 IS NULL OR framework = ?1) AND (?2 IS NULL OR pattern_type = ?2) AND (?3 IS NULL OR language = ?3)`
const LIST = `${SELECT} WHERE ${MATCHING} ORDER BY rowid LIMIT ?4 OFFSET ?5`
const COUNT = `SELECT count(*) FROM test_patterns WHERE ${MATCHING}`

const INSERT = `INSERT INTO test_patterns (pattern_type, framework, language, code_signature_hash, code_signature,
    test_template, metadata, version, created_at, updated_at, id)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const UPDATE = `UPDATE test_patterns SET pattern_type = ?, framework = ?, language = ?, code_signature_hash = ?,
    code_signature = ?, test_template = ?, metadata = ?, version = ?, created_at = ?, updated_at = ?
  WHERE id = ?`

/** Reusable test patterns, one per code signature and framework. */
export class TestPatternsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  append(row: TestPatternRow): void {
    this.#connection.run(INSERT, valuesOf(row))
  }

  update(row: TestPatternRow): void {
    this.#connection.run(UPDATE, valuesOf(row))
  }

  /** Deletes a pattern. @returns whether it existed. */
  remove(id: string): boolean {
    return this.#connection.run('DELETE FROM test_patterns WHERE id = ?', [id]) > 0
  }

  get(id: string): TestPatternRow | undefined {
    const columns = this.#connection.get<Columns>(BY_ID, [id])
    return columns && toRow(columns)
  }

  bySignature(signatureHash: string, framework: string): TestPatternRow | undefined {
    const columns = this.#connection.get<Columns>(BY_SIGNATURE, [signatureHash, framework])
    return columns && toRow(columns)
  }

  all(): TestPatternRow[] {
    return this.#connection.all<Columns>(ALL).map(toRow)
  }

  /** In insertion order. */
  list({ framework, patternType, language }: TestPatternCriteria, limit: number, offset: number): TestPatternRow[] {
    return this.#connection.all<Columns>(LIST, [framework, patternType, language, limit, offset]).map(toRow)
  }

  count({ framework, patternType, language }: TestPatternCriteria): number {
    return this.#connection.get<[number]>(COUNT, [framework, patternType, language])?.[0] ?? 0
  }
}

function valuesOf(row: TestPatternRow): string[] {
  return [
    row.patternType,
    row.framework,
    row.language,
    row.signatureHash,
    row.codeSignature,
    row.testTemplate,
    row.metadata,
    row.version,
    toSqlTime(row.createdAt),
    toSqlTime(row.updatedAt),
    row.id,
  ]
}

function toRow(columns: Columns): TestPatternRow {
  return {
    id: columns[0],
    patternType: columns[1],
    framework: columns[2],
    language: columns[3],
    signatureHash: columns[4],
    codeSignature: columns[5],
    testTemplate: columns[6],
    metadata: columns[7] ?? '{}',
    version: columns[8],
    createdAt: fromSqlTime(columns[9]),
    updatedAt: fromSqlTime(columns[10]),
  }
}
