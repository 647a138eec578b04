import { PATTERN_TYPES, TEST_FRAMEWORKS, TEST_LANGUAGES } from '../../learning/test-patterns/test-pattern.ts'
import type { SqlValue } from '../../sql/connection.ts'
import { count, json, maybe, name, number, oneOf, or, rate, text, time } from '../foreign/column-types.ts'
import type { Copy } from '../foreign/table-reader.ts'

/** The tables of patterns.db except the full text, which is built from the patterns. */
export const BANK_TABLES: readonly Copy[] = [
  {
    table: 'test_patterns',
    columns: {
      id: name,
      pattern_type: oneOf(...PATTERN_TYPES),
      framework: oneOf(...TEST_FRAMEWORKS),
      language: or(oneOf(...TEST_LANGUAGES), 'typescript'),
      code_signature_hash: text,
      code_signature: json,
      test_template: json,
      metadata: maybe(json),
      version: or(text, '1.0.0'),
      created_at: maybe(time),
      updated_at: maybe(time),
    },
  },
  {
    // Its counts distinguish it from the table of this name in memory.db.
    table: 'pattern_usage',
    ours: 'test_pattern_usage',
    columns: {
      pattern_id: name,
      project_id: name,
      usage_count: count,
      success_count: count,
      failure_count: count,
      avg_execution_time: maybe(number),
      avg_coverage_gain: maybe(rate),
      flaky_count: or(count, 0),
      quality_score: maybe(rate),
      first_used: maybe(time),
      last_used: maybe(time),
    },
  },
  {
    table: 'cross_project_mappings',
    columns: {
      pattern_id: name,
      source_framework: name,
      target_framework: name,
      transformation_rules: json,
      compatibility_score: or(rate, 1),
      project_count: or(count, 0),
      success_rate: maybe(rate),
      created_at: maybe(time),
      updated_at: maybe(time),
    },
    refuse: (row) => (row.source_framework === row.target_framework ? 'source and target are the same' : undefined),
  },
  {
    table: 'pattern_similarity_index',
    columns: {
      pattern_a: name,
      pattern_b: name,
      similarity_score: rate,
      structure_similarity: rate,
      identifier_similarity: rate,
      metadata_similarity: rate,
      algorithm: or(text, 'hybrid-tfidf'),
      last_computed: maybe(time),
    },
    refuse: (row) => (inOrder(row.pattern_a) < inOrder(row.pattern_b) ? undefined : 'the pair is not in order'),
  },
  {
    table: 'pattern_stats_cache',
    columns: {
      pattern_id: name,
      total_uses: or(count, 0),
      success_rate: maybe(rate),
      avg_quality: maybe(rate),
      avg_coverage_gain: maybe(rate),
      project_count: or(count, 0),
      trend: or(oneOf('rising', 'stable', 'declining'), 'stable'),
      last_updated: maybe(time),
    },
  },
]

/** Converts text so that JavaScript, which compares UTF-16 units, orders it like SQLite, which compares UTF-8. */
function inOrder(text: SqlValue | undefined): string {
  return Array.from(String(text), (letter) => letter.codePointAt(0)?.toString(16).padStart(6, '0')).join('')
}
