import { StoreError } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import { fromSqlTime } from '../../tables/sql-time.ts'
import { isoTime } from '../../times.ts'
import type { Core } from '../core/core.ts'
import type { TestPatternBank } from '../test-patterns/bank.ts'
import { checkTestPattern, type NewTestPattern } from '../test-patterns/test-pattern.ts'
import type { ImportCount, ImportedRows } from './import-batch.ts'
import type { SkippedRecords } from './skipped-records.ts'

export const PATTERNS = 'test_patterns'

export interface ImportedTestPatterns {
  readonly change: ImportCount
  /** The ids in this store of patterns that have another id in the source. */
  readonly ids: ReadonlyMap<string, string>
}

/**
 * Adds the test patterns of a source that this store does not have. Call it inside a transaction. Signatures are hashed
 * again, because other systems hash them differently.
 */
export function importTestPatterns(
  core: Core,
  bank: TestPatternBank,
  sources: readonly ImportedRows[],
  skipped: SkippedRecords,
): ImportedTestPatterns {
  const now = isoTime(core.now())
  const ids = new Map<string, string>()
  let [added, known] = [0, 0]
  for (const { table, columns, rows } of sources) {
    if (table !== PATTERNS) continue
    for (const row of rows) {
      const cell = (name: string): string | null => {
        const value = row[columns.indexOf(name)] ?? null
        return value === null ? null : String(value)
      }
      const timeIn = (name: string): string => {
        const column = row[columns.indexOf(name)] ?? null
        return column === null ? now : fromSqlTime(column)
      }
      const checked = skipped.unlessInvalid(PATTERNS, () => checkTestPattern(patternOf(cell)))
      if (!checked) continue
      const id = cell('id') ?? core.newId()
      const stored = bank.addImported({
        ...checked,
        id,
        version: cell('version') ?? '1.0.0',
        createdAt: timeIn('created_at'),
        updatedAt: timeIn('updated_at'),
      })
      if (stored.isNew) added++
      else known++
      if (stored.id !== id) ids.set(id, stored.id)
    }
  }
  return { change: { what: PATTERNS, added, known }, ids }
}

/** The columns with the id of a test pattern. */
const ID_COLUMNS: { readonly [table: string]: readonly string[] } = {
  test_pattern_usage: ['pattern_id'],
  cross_project_mappings: ['pattern_id'],
  cross_project_usage: ['pattern_id'],
  pattern_stats_cache: ['pattern_id'],
  pattern_embeddings: ['pattern_id'],
  pattern_similarity_index: ['pattern_a', 'pattern_b'],
}

/**
 * Replaces the test pattern ids of a source by those of this store, and drops rows whose pattern this store does not
 * have.
 */
export function withLocalTestPatternIds(
  bank: TestPatternBank,
  { table, columns, rows }: ImportedRows,
  ids: ReadonlyMap<string, string>,
  skipped: SkippedRecords,
): ImportedRows {
  const idColumns = (ID_COLUMNS[table] ?? []).map((name) => columns.indexOf(name)).filter((at) => at !== -1)
  if (idColumns.length === 0) return { table, columns, rows }
  const local = rows.flatMap((row) => {
    const copy = [...row]
    for (const at of idColumns) copy[at] = ids.get(String(row[at])) ?? String(row[at])
    return idColumns.every((at) => bank.get(String(copy[at]))) ? [copy] : []
  })
  const dropped = rows.length - local.length
  if (dropped > 0) skipped.add(table, 'its test pattern is not in the store', dropped)
  return { table, columns, rows: local }
}

function patternOf(cell: (name: string) => string | null): Omit<NewTestPattern, 'id' | 'version'> {
  const parsed = (name: string): JsonValue => {
    try {
      return JSON.parse(cell(name) ?? '{}') as JsonValue
    } catch (cause) {
      throw new StoreError('INVALID_ARGUMENT', `Expected ${name} to be JSON`, { cause })
    }
  }
  return {
    patternType: cell('pattern_type') as NewTestPattern['patternType'],
    framework: cell('framework') as NewTestPattern['framework'],
    language: (cell('language') ?? 'typescript') as NonNullable<NewTestPattern['language']>,
    codeSignature: parsed('code_signature'),
    testTemplate: parsed('test_template'),
    metadata: parsed('metadata') as NonNullable<NewTestPattern['metadata']>,
  }
}
