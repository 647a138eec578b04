import type { Engine } from '../../sql/engine.ts'
import { agentDbReaders } from '../agentdb/learning.ts'
import { readDatabase } from '../foreign/read-database.ts'
import { hasColumns, type TableColumns } from '../foreign/table-reader.ts'
import { reasoningBankReaders, VECTORS } from '../reasoning-bank/strategies.ts'
import { checkSourceDefaults, type SourceDefaults, type SourceReader } from '../source.ts'
import { memoryReaders } from './memory.ts'

/** Whether a file has a table of claude-flow or ReasoningBank, by its tables and columns. */
export function isClaudeFlow(tables: TableColumns): boolean {
  return (
    hasColumns(tables, 'memory_entries', 'namespace', 'value') ||
    hasColumns(tables, 'memory_entries', 'namespace', 'content') ||
    hasColumns(tables, 'patterns', 'type', 'pattern_data') ||
    hasColumns(tables, 'patterns', 'problem', 'solution') ||
    hasColumns(tables, 'patterns', 'task_type', 'approach') ||
    hasColumns(tables, 'patterns', 'condition', 'action') ||
    hasColumns(tables, 'reasoning_patterns', 'problem', 'solution') ||
    hasColumns(tables, 'task_trajectories', 'trajectory_json')
  )
}

/**
 * Reads a memory database of claude-flow: its entries into the shared memory, the patterns of its ReasoningBank as strategies, and what
 * AgentDB has in the same file. The default of the owner, the agent and the task type is `claude-flow`.
 * @param now in ms since the epoch.
 * @throws INVALID_ARGUMENT for invalid options, and for a file above the limits. @throws NOT_A_STORE for a file that is corrupt, not of
 * claude-flow, or has nothing to import.
 */
export function* readClaudeFlow(
  engine: Engine,
  bytes: Uint8Array,
  now: number,
  options: SourceDefaults = {},
): SourceReader {
  const defaults = checkSourceDefaults(options, 'claude-flow')
  const into = yield* readDatabase(
    engine,
    bytes,
    {},
    {
      name: 'a memory database of claude-flow',
      fileOf: (tables) => (isClaudeFlow(tables) ? 'a memory database of claude-flow' : undefined),
      readers: [
        ...memoryReaders(defaults.agentId, now),
        ...agentDbReaders(defaults),
        ...reasoningBankReaders(defaults),
      ],
      notImported: VECTORS,
    },
  )
  return into.importBatch()
}
