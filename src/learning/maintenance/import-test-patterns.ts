import { StoreError } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'
import type { TestPatternBank } from '../test-patterns/bank.ts'
import { checkTestPattern, type NewTestPattern } from '../test-patterns/test-pattern.ts'
import type { ImportCount, ImportedRows } from './import-batch.ts'
import type { SkippedRecords } from './skipped-records.ts'

export const PATTERNS = 'test_patterns'

/** What became of the test patterns of a source. */
export interface Adopted {
  readonly change: ImportCount
  /** Ids of the source under which nothing is here: the pattern of their signature has another. */
  readonly ids: ReadonlyMap<string, string>
}

/** Takes in test patterns that are not here; belongs into a transaction. Their signatures are made anew: other systems hash otherwise. */
export function adoptPatterns(
  core: Core,
  bank: TestPatternBank,
  sources: readonly ImportedRows[],
  skipped: SkippedRecords,
): Adopted {
  const now = sqlTime(core.now())
  const ids = new Map<string, string>()
  let [added, known] = [0, 0]
  for (const { table, columns, rows } of sources) {
    if (table !== PATTERNS) continue
    for (const row of rows) {
      const cell = (name: string): string | null => {
        const value = row[columns.indexOf(name)] ?? null
        return value === null ? null : String(value)
      }
      const checked = skipped.unless(PATTERNS, () => checkTestPattern(patternOf(cell)))
      if (!checked) continue
      const id = cell('id') ?? core.newId()
      const stored = bank.adopt({
        ...{ ...checked, id, version: cell('version') ?? '1.0.0' },
        ...{ createdAt: cell('created_at') ?? now, updatedAt: cell('updated_at') ?? now },
      })
      if (stored.isNew) added++
      else known++
      if (stored.id !== id) ids.set(id, stored.id)
    }
  }
  return { change: { what: PATTERNS, added, known }, ids }
}

/** Columns that name a test pattern. */
const NAMING: { readonly [table: string]: readonly string[] } = {
  test_pattern_usage: ['pattern_id'],
  cross_project_mappings: ['pattern_id'],
  cross_project_usage: ['pattern_id'],
  pattern_stats_cache: ['pattern_id'],
  pattern_embeddings: ['pattern_id'],
  pattern_similarity_index: ['pattern_a', 'pattern_b'],
}

/** The rows whose test patterns are here, under the ids that these have here; rows of other tables as they are. */
export function ofPatternsHere(
  bank: TestPatternBank,
  { table, columns, rows }: ImportedRows,
  ids: ReadonlyMap<string, string>,
  skipped: SkippedRecords,
): ImportedRows {
  const storages = (NAMING[table] ?? []).map((name) => columns.indexOf(name)).filter((at) => at !== -1)
  if (storages.length === 0) return { table, columns, rows }
  const here = rows.flatMap((row) => {
    const own = [...row]
    for (const at of storages) own[at] = ids.get(String(row[at])) ?? String(row[at])
    return storages.every((at) => bank.get(String(own[at]))) ? [own] : []
  })
  const lost = rows.length - here.length
  if (lost > 0) skipped.add({ what: table, count: lost, reason: 'its test pattern is not here' })
  return { table, columns, rows: here }
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
