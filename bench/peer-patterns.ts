import type { NewExecutionPattern } from '../src/entry/node.ts'
import type { Peer } from './peers.ts'

const APPEND = `INSERT INTO execution_patterns (task_type, pattern_used, execution_time, success_rate, confidence_score,
    agent_count, complexity_level, tools_used, context_factors, created_at, updated_at, usage_count)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/** The statement of `src/tables/execution-patterns.ts`; better-sqlite3 takes `?1` for a name. */
const FIND = `SELECT id, task_type, pattern_used, execution_time, success_rate, confidence_score, agent_count,
    complexity_level, tools_used, context_factors, created_at, updated_at, usage_count
  FROM execution_patterns
  WHERE (? IS NULL OR task_type = ?) AND (? IS NULL OR pattern_used = ?)
    AND confidence_score >= ? AND success_rate >= ? AND updated_at >= ?
  ORDER BY confidence_score DESC, success_rate DESC, id LIMIT ? OFFSET ?`

type Columns = [number, string, string, number, number, number, number, string, string, string, number, number, number]

/** What a program would write that keeps execution patterns by SQL, without checks. */
export interface PeerPatterns {
  /** In one transaction. */
  storeMany(patterns: readonly Required<NewExecutionPattern>[]): void
  retrieve(filters: { readonly minConfidence: number; readonly limit: number }): object[]
  close(): void
}

export function peerPatterns(peer: Peer): PeerPatterns {
  const append = peer.prepare(APPEND)
  const find = peer.prepare(FIND)
  const store = (pattern: Required<NewExecutionPattern>, now: number): void =>
    append.run([
      ...[
        pattern.taskType,
        pattern.patternUsed,
        pattern.executionTimeMs / 1000,
        pattern.successRate,
        pattern.confidenceScore,
      ],
      pattern.agentCount,
      pattern.complexityLevel,
      JSON.stringify(pattern.toolsUsed),
      JSON.stringify(pattern.contextFactors),
      now,
      now,
      pattern.usageCount,
    ])
  return {
    storeMany: (patterns) =>
      peer.transaction(() => {
        const now = Date.now() / 1000
        for (const pattern of patterns) store(pattern, now)
      }),
    retrieve: ({ minConfidence, limit }) =>
      (find.all([null, null, null, null, minConfidence, 0, 0, limit, 0]) as Columns[]).map(toPattern),
    close: () => peer.close(),
  }
}

function toPattern(columns: Columns): object {
  const [id, taskType, patternUsed, executionTime, successRate, confidenceScore, agentCount] = columns
  return {
    id,
    taskType,
    patternUsed,
    executionTimeMs: 1000 * executionTime,
    successRate,
    confidenceScore,
    agentCount,
    complexityLevel: columns[7],
    toolsUsed: JSON.parse(columns[8]),
    contextFactors: JSON.parse(columns[9]),
    createdAt: new Date(1000 * columns[10]).toISOString(),
    updatedAt: new Date(1000 * columns[11]).toISOString(),
    usageCount: columns[12],
  }
}
