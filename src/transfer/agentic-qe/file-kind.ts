import { hasColumns, type TableColumns } from '../foreign/table-reader.ts'

/** A file of agentic-qe. */
export type AgenticQeFile =
  | 'memory.db of 1.4'
  | 'memory.db of 2.8'
  | 'memory.db of 3.8'
  | 'patterns.db'
  | 'swarm-memory.db'

/** Detects the file of agentic-qe by its tables and columns; undefined for other files. */
export function agenticQeFileOf(tables: TableColumns): AgenticQeFile | undefined {
  const has = (table: string, column: string): boolean => hasColumns(tables, table, column)
  if (has('qe_patterns', 'pattern_type') || has('rl_q_values', 'q_value')) return 'memory.db of 3.8'
  if (has('captured_experiences', 'task')) return 'memory.db of 3.8'
  const hasExperiences = has('learning_experiences', 'agent_id') && has('learning_experiences', 'reward')
  const isLearning = hasExperiences || has('q_values', 'q_value')
  if (isLearning && (has('learning_experiences', 'metadata') || has('schema_migrations', 'version'))) {
    return 'memory.db of 2.8'
  }
  if (isLearning) return 'memory.db of 1.4'
  if (has('test_patterns', 'code_signature')) return 'patterns.db'
  return has('memory_entries', 'partition') ? 'swarm-memory.db' : undefined
}
