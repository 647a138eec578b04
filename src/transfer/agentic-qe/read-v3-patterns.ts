import { PATTERN_TYPES, TEST_FRAMEWORKS } from '../../learning/test-patterns/test-pattern.ts'
import {
  count,
  flag,
  json,
  maybe,
  name,
  number,
  or,
  parsedJson,
  parsedObject,
  rate,
  text,
  time,
  vector,
} from '../foreign/column-types.ts'
import type { ImportBuilder } from '../foreign/import-builder.ts'
import type { Row, TableReader } from '../foreign/table-reader.ts'

/** Readers for the patterns of agentic-qe 3. Test templates become test patterns, all others strategies. */
export function version3Patterns(): TableReader[] {
  // The patterns come before their vectors.
  const strategies = new Set<string>()
  return [
    {
      table: 'qe_patterns',
      columns: {
        id: name,
        pattern_type: name,
        qe_domain: text,
        name: text,
        description: maybe(text),
        tier: maybe(text),
        confidence: or(rate, 0.5),
        usage_count: or(count, 0),
        success_rate: or(rate, 0),
        quality_score: or(rate, 0),
        template_json: maybe(json),
        context_json: maybe(json),
        created_at: maybe(time),
        updated_at: maybe(time),
        last_used_at: maybe(time),
        successful_uses: or(count, 0),
      },
      add: (row, into) => {
        if (isTestPattern(row)) return testPattern(row, into)
        strategies.add(String(row.id))
        return strategy(row, into)
      },
    },
    {
      table: 'qe_pattern_embeddings',
      columns: {
        pattern_id: name,
        embedding: vector,
        dimension: count,
        model: or(name, 'unknown'),
        created_at: maybe(time),
      },
      add: ({ pattern_id, embedding, dimension, model, created_at }, into) => {
        if (strategies.has(String(pattern_id))) {
          if (!into.notes.includes(LOST_VECTORS)) into.notes.push(LOST_VECTORS)
          return 'is the vector of a strategy'
        }
        if ((embedding as Uint8Array).length !== 4 * Number(dimension)) return 'the vector does not have its dimension'
        const columns = ['pattern_id', 'embedder', 'dimension', 'vector', 'created_at']
        into.row('pattern_embeddings', columns, [pattern_id, model, dimension, embedding, created_at] as Row[string][])
        return undefined
      },
    },
    {
      table: 'sona_patterns',
      columns: {
        id: name,
        type: name,
        domain: text,
        action_type: text,
        action_value: maybe(text),
        outcome_reward: number,
        outcome_success: or(flag, 0),
        confidence: or(rate, 0.5),
        usage_count: or(count, 0),
        success_count: or(count, 0),
        failure_count: or(count, 0),
        updated_at: maybe(time),
        last_used_at: maybe(time),
      },
      add: (row, into) => {
        const { type, domain, action_type, action_value, outcome_reward, outcome_success, confidence, usage_count } =
          row
        const data = {
          domain,
          strategy: action_type,
          action: parsedJson(action_value) ?? action_value,
          reward: outcome_reward,
        }
        // Rows with an outcome often have no counts: then the outcome is the only use.
        const counted = Number(row.success_count) + Number(row.failure_count)
        const successes = counted > 0 ? Number(row.success_count) : Number(outcome_success)
        const successRate = counted > 0 ? successes / counted : successes
        const lastUsed = row.last_used_at ?? row.updated_at ?? null
        return pattern(into, [
          `${String(type)}-strategy`,
          data,
          confidence,
          successRate,
          usage_count,
          lastUsed,
          successes,
        ])
      },
    },
  ]
}

const LOST_VECTORS =
  'Vectors of strategies are not imported: this store has vectors of test patterns and of shared memory only.'

const PATTERN_COLUMNS = [
  'pattern_type',
  'pattern_data',
  'confidence',
  'success_rate',
  'usage_count',
  'last_used',
  'success_count',
]

function pattern(into: ImportBuilder, [type, data, ...rest]: readonly unknown[]): string | undefined {
  const row = [type, JSON.stringify(data), ...rest] as Row[string][]
  into.row('patterns', PATTERN_COLUMNS, row)
  return undefined
}

function strategy(row: Row, into: ImportBuilder): string | undefined {
  const data = {
    id: row.id,
    name: row.name,
    description: row.description,
    domain: row.qe_domain,
    tier: row.tier,
    quality: row.quality_score,
    template: parsedJson(row.template_json) ?? null,
    context: parsedJson(row.context_json) ?? null,
  }
  const lastUsed = row.last_used_at ?? row.updated_at
  const { pattern_type, confidence, success_rate, usage_count, successful_uses } = row
  return pattern(into, [pattern_type, data, confidence, success_rate, usage_count, lastUsed, successful_uses])
}

/** Whether a pattern has a template and names a known framework and type of test. */
function isTestPattern(row: Row): boolean {
  const { framework, testType } = parsedObject(row.context_json)
  const known = TEST_FRAMEWORKS.some((one) => one === framework) && PATTERN_TYPES.some((one) => one === testType)
  return known && typeof row.template_json === 'string'
}

const TEST_PATTERN_COLUMNS = [
  'id',
  'pattern_type',
  'framework',
  'language',
  'code_signature_hash',
  'code_signature',
  'test_template',
  'metadata',
  'version',
  'created_at',
  'updated_at',
]

function testPattern(row: Row, into: ImportBuilder): undefined {
  const { framework, testType, tags, language = 'typescript' } = parsedObject(row.context_json)
  const signature = { name: row.name, domain: row.qe_domain, type: row.pattern_type }
  const metadata = {
    name: row.name,
    description: row.description,
    tags: Array.isArray(tags) ? tags : [],
    domain: row.qe_domain,
    qePatternType: row.pattern_type,
    tier: row.tier,
    confidence: row.confidence,
  }
  const hash = String(row.id)
  into.row('test_patterns', TEST_PATTERN_COLUMNS, [
    String(row.id),
    String(testType),
    String(framework),
    language === 'javascript' ? 'javascript' : 'typescript',
    hash,
    JSON.stringify(signature),
    String(row.template_json),
    JSON.stringify(metadata),
    '1.0.0',
    row.created_at ?? null,
    row.updated_at ?? null,
  ])
}
