import type { Connection } from '../sql/connection.ts'
import { fromSqlTime, toSqlTime } from './sql-time.ts'

/** A row of `cross_project_mappings`: the translation of a pattern to another framework. */
export interface MappingRow {
  readonly patternId: string
  readonly sourceFramework: string
  readonly targetFramework: string
  /** Canonical JSON. */
  readonly transformationRules: string
  /** In [0, 1]. */
  readonly compatibilityScore: number
  /** Number of projects that share or use the mapping. */
  readonly projectCount: number
  /** In [0, 1]; null before its first use. */
  readonly successRate: number | null
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  /** ISO 8601 in UTC. */
  readonly updatedAt: string
}

export type MappingKey = Pick<MappingRow, 'patternId' | 'sourceFramework' | 'targetFramework'>

/** Search criteria; null matches all. */
export interface MappingCriteria {
  readonly patternId: string | null
  readonly sourceFramework: string | null
  readonly targetFramework: string | null
  readonly minCompatibility: number
}

type Columns = [string, string, string, string, number, number, number | null, string, string]

const SELECT = `SELECT pattern_id, source_framework, target_framework, transformation_rules, compatibility_score,
    project_count, success_rate, created_at, updated_at
  FROM cross_project_mappings`

const GET = `${SELECT} WHERE pattern_id = ? AND source_framework = ? AND target_framework = ?`

const LIST = `${SELECT} WHERE (?1 IS NULL OR pattern_id = ?1) AND (?2 IS NULL OR source_framework = ?2)
    AND (?3 IS NULL OR target_framework = ?3) AND compatibility_score >= ?4
  ORDER BY compatibility_score DESC, success_rate DESC, pattern_id, source_framework, target_framework
  LIMIT ?5 OFFSET ?6`

const SET = `INSERT INTO cross_project_mappings (pattern_id, source_framework, target_framework, transformation_rules,
    compatibility_score, project_count, success_rate, created_at, updated_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (pattern_id, source_framework, target_framework) DO UPDATE SET
    transformation_rules = excluded.transformation_rules, compatibility_score = excluded.compatibility_score,
    project_count = excluded.project_count, success_rate = excluded.success_rate, updated_at = excluded.updated_at`

const SHARE = `INSERT INTO cross_project_usage (pattern_id, source_framework, target_framework, project_id, usage_count,
    success_count)
  VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (pattern_id, source_framework, target_framework, project_id) DO UPDATE SET
    usage_count = usage_count + excluded.usage_count, success_count = success_count + excluded.success_count`

const SUMMED = `SELECT count(*), 1.0 * sum(success_count) / nullif(sum(usage_count), 0) FROM cross_project_usage
  WHERE pattern_id = ? AND source_framework = ? AND target_framework = ?`

/** Mappings of patterns between frameworks, with their uses by project. */
export class CrossProjectMappingsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get({ patternId, sourceFramework, targetFramework }: MappingKey): MappingRow | undefined {
    const columns = this.#connection.get<Columns>(GET, [patternId, sourceFramework, targetFramework])
    return columns && toRow(columns)
  }

  /** Sorted by descending compatibility and success rate. */
  list(criteria: MappingCriteria, limit: number, offset: number): MappingRow[] {
    const { patternId, sourceFramework, targetFramework, minCompatibility } = criteria
    const values = [patternId, sourceFramework, targetFramework, minCompatibility, limit, offset]
    return this.#connection.all<Columns>(LIST, values).map(toRow)
  }

  /** Inserts or replaces a mapping, with aggregates over its uses. */
  set(row: Omit<MappingRow, 'projectCount' | 'successRate'>): void {
    const { patternId, sourceFramework, targetFramework } = row
    const key = [patternId, sourceFramework, targetFramework]
    const [projects = 0, successRate = null] = this.#connection.get<[number, number | null]>(SUMMED, key) ?? []
    this.#connection.run(SET, [
      ...key,
      row.transformationRules,
      row.compatibilityScore,
      projects,
      successRate,
      toSqlTime(row.createdAt),
      toSqlTime(row.updatedAt),
    ])
  }

  /** Adds uses and successes of a mapping in a project. */
  addUses(
    { patternId, sourceFramework, targetFramework }: MappingKey,
    projectId: string,
    uses: number,
    successes: number,
  ): void {
    this.#connection.run(SHARE, [patternId, sourceFramework, targetFramework, projectId, uses, successes])
  }

  removeOf(patternId: string): void {
    this.#connection.run('DELETE FROM cross_project_usage WHERE pattern_id = ?', [patternId])
    this.#connection.run('DELETE FROM cross_project_mappings WHERE pattern_id = ?', [patternId])
  }
}

function toRow(columns: Columns): MappingRow {
  return {
    patternId: columns[0],
    sourceFramework: columns[1],
    targetFramework: columns[2],
    transformationRules: columns[3],
    compatibilityScore: columns[4],
    projectCount: columns[5],
    successRate: columns[6],
    createdAt: fromSqlTime(columns[7]),
    updatedAt: fromSqlTime(columns[8]),
  }
}
