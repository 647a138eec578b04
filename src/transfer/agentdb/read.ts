import type { Engine } from '../../sql/engine.ts'
import { readDatabase } from '../foreign/read-database.ts'
import { reasoningBankReaders, VECTORS } from '../reasoning-bank/strategies.ts'
import { checkSourceDefaults, type SourceDefaults, type SourceReader } from '../source.ts'
import { agentDbReaders, isAgentDb } from './learning.ts'

/**
 * Reads a database of AgentDB: its episodes and learning experiences as experiences, its reasoning patterns as strategies. The default of
 * the agent and of the task type is `agentdb`.
 * @throws INVALID_ARGUMENT for invalid options, and for a file above the limits. @throws NOT_A_STORE for a file that is corrupt, not of
 * AgentDB, or has nothing to import.
 */
export function* readAgentDb(engine: Engine, bytes: Uint8Array, options: SourceDefaults = {}): SourceReader {
  const defaults = checkSourceDefaults(options, 'agentdb')
  const into = yield* readDatabase(
    engine,
    bytes,
    {},
    {
      name: 'a database of AgentDB',
      fileOf: (tables) => (isAgentDb(tables) ? 'a database of AgentDB' : undefined),
      readers: [...agentDbReaders(defaults), ...reasoningBankReaders(defaults)],
      notImported: VECTORS,
    },
  )
  return into.importBatch()
}
