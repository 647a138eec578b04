import type { JsonValue } from '../../json-value.ts'
import { strategyType } from '../../learning/patterns/pattern.ts'
import type { SqlValue } from '../../sql/connection.ts'
import { count, maybe, name, or, parsedJson, rate, text, time } from '../foreign/column-types.ts'
import { objectIn, plainData, structured, withoutEmpty } from '../foreign/plain.ts'
import type { Columns, Row, TableReader } from '../foreign/table-reader.ts'
import type { SourceDefaults } from '../source.ts'

/** Tables of vectors that this store has no place for, with the reason. */
export const VECTORS: ReadonlyMap<string, string> = new Map(
  ['pattern_embeddings', 'episode_embeddings', 'skill_embeddings', 'note_embeddings', 'learning_state_embeddings'].map(
    (table) => [table, 'this store has no vectors of strategies and experiences'],
  ),
)

/** The content of a row of patterns. */
interface Content {
  readonly taskType: string
  readonly data: JsonValue
  readonly successRate: number
  readonly uses: number
}

/** The columns that all tables of patterns may have. */
const COMMON: Columns = {
  confidence: or(rate, 0.5),
  success_rate: maybe(rate),
  usage_count: or(count, 0),
  tags: maybe(text),
  metadata: maybe(text),
  last_used: maybe(time),
  updated_at: maybe(time),
}

/** Readers for the patterns of ReasoningBank, as agentic-flow, AgentDB and claude-flow store them. */
export function reasoningBankReaders(defaults: Required<SourceDefaults>): TableReader[] {
  const reader = (
    table: string,
    columns: Columns,
    contentOf: (row: Row) => Content,
    needs: readonly string[] = [],
  ) => ({
    table,
    columns: { ...COMMON, ...columns },
    needs,
    add: (row: Row, into: Parameters<TableReader['add']>[1]): string | undefined => {
      const { taskType, data, successRate, uses } = contentOf(row)
      const lastUsed = row.last_used ?? row.last_matched_at ?? row.updated_at ?? row.ts ?? null
      return into.strategy({
        agentId: defaults.agentId,
        patternType: strategyType(taskType),
        data,
        confidence: Number(row.confidence),
        successRate,
        uses,
        lastUsed: typeof lastUsed === 'string' ? lastUsed : null,
      })
    },
  })
  const described = (row: Row, ...names: readonly string[]): JsonValue =>
    withoutEmpty(Object.fromEntries([...names, 'tags', 'metadata'].map((field) => [field, valueIn(row[field])]))) ?? {}
  const typeIn = ({ task_type, domain, category, type }: Row): string =>
    String(task_type ?? domain ?? category ?? type ?? defaults.taskType)
  const problems = (table: string): TableReader =>
    reader(
      table,
      {
        problem: text,
        solution: text,
        task_type: maybe(name),
        domain: maybe(name),
        category: maybe(name),
        type: maybe(name),
      },
      (row) => ({
        taskType: typeIn(row),
        data: described(row, 'problem', 'solution'),
        successRate: Number(row.success_rate),
        uses: Number(row.usage_count),
      }),
    )
  const approaches = (table: string): TableReader =>
    reader(
      table,
      { task_type: name, approach: text, uses: or(count, 0), ts: maybe(time) },
      (row) => ({
        taskType: typeIn(row),
        data: described(row, 'approach'),
        successRate: Number(row.success_rate),
        uses: Math.max(Number(row.uses), Number(row.usage_count)),
      }),
      ['success_rate'],
    )
  return [
    problems('reasoning_patterns'),
    approaches('reasoning_patterns'),
    problems('patterns'),
    reader('patterns', { type: name, pattern_data: text }, (row) => contentIn(row, typeIn)),
    approaches('patterns'),
    reader(
      'patterns',
      {
        pattern_type: name,
        name: text,
        condition: text,
        action: text,
        description: maybe(text),
        success_count: or(count, 0),
        failure_count: or(count, 0),
        last_matched_at: maybe(time),
      },
      (row) => {
        const [successes, failures] = [Number(row.success_count), Number(row.failure_count)]
        const uses = successes + failures
        const data = described(row, 'name', 'condition', 'action', 'description')
        return { taskType: String(row.pattern_type), data, successRate: uses === 0 ? 0 : successes / uses, uses }
      },
    ),
  ]
}

/** The content of a row whose pattern is JSON. What changes with its use is left out, because the rest identifies the strategy. */
function contentIn(row: Row, typeIn: (row: Row) => string): Content {
  const pattern = plainData(parsedJson(row.pattern_data))
  const { confidence: _, success_rate, usage_count: __, ...data } = objectIn(pattern) ?? {}
  const domain = name.parse(typeof data.domain === 'string' ? data.domain : null)
  const rateIn = typeof success_rate === 'number' ? rate.parse(success_rate) : undefined
  return {
    taskType: typeof domain === 'string' ? domain : typeIn(row),
    data: objectIn(pattern) ? data : (pattern ?? String(row.pattern_data)),
    successRate: Number(row.success_rate ?? rateIn ?? 0),
    uses: Number(row.usage_count),
  }
}

function valueIn(column: SqlValue | undefined): JsonValue | undefined {
  return typeof column === 'string' ? structured(column) : undefined
}
