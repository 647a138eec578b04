import type { ImportBatch } from '../../learning/maintenance/import-batch.ts'
import type { Engine } from '../../sql/engine.ts'
import type { ImportBuilder } from '../foreign/import-builder.ts'
import { type DatabaseFormat, type ReadLimits, readDatabase } from '../foreign/read-database.ts'
import { copying, type TableReader } from '../foreign/table-reader.ts'
import type { SourceReader } from '../source.ts'
import { agenticQeFileOf } from './file-kind.ts'
import { FLEET_TABLES } from './fleet.ts'
import { patternReaders } from './patterns.ts'
import { learningReaders } from './read-learned.ts'
import { version3Readers } from './read-v3.ts'
import { SWARM_TABLES } from './swarm.ts'
import { BANK_TABLES } from './test-patterns.ts'

const NOT_IMPORTED: ReadonlyMap<string, string> = new Map([
  ['pattern_fts', 'full text is built from the patterns'],
  ['schema_migrations', 'describes migrations of its own schema'],
  ['schema_version', 'holds the version of its own schema'],
])

/**
 * Reads a file of agentic-qe: memory.db of 1.4, 2.8 or 3.8, patterns.db, or swarm-memory.db.
 * @throws INVALID_ARGUMENT for invalid limits, and for a file above the limits. @throws NOT_A_STORE for a file that is corrupt, not of
 * agentic-qe.
 */
export function* readAgenticQe(engine: Engine, bytes: Uint8Array, limits: ReadLimits = {}): SourceReader {
  const format: DatabaseFormat = {
    name: 'a database of agentic-qe',
    fileOf: (tables) => {
      const file = agenticQeFileOf(tables)
      return file && `a ${file} of agentic-qe`
    },
    readers: [...learningReaders(), ...patternReaders(), ...copies(), ...version3Readers()],
    notImported: NOT_IMPORTED,
    mayBeEmpty: true,
  }
  return finished(yield* readDatabase(engine, bytes, limits, format))
}

function copies(): TableReader[] {
  return [...BANK_TABLES, ...SWARM_TABLES, ...FLEET_TABLES].map(copying)
}

/**
 * Decides which values to import. Stored values are preferred, because they were learned from more experiences than the file still
 * holds. But agentic-qe updates a value under one key and stores it under another, so that stored values can all be 0. The values of an
 * agent that are all 0 are left out if the file has experiences of the agent, from which its values can be derived, or if the values
 * of all agents are 0.
 */
function finished(into: ImportBuilder): ImportBatch {
  const { derivable, experiences, notes } = into
  const learned = new Set(experiences.map(({ agentId }) => agentId))
  const nonZero = new Set(derivable.filter(({ value }) => value !== 0).map(({ agentId }) => agentId))
  const imported = derivable.filter(
    ({ agentId }) => nonZero.has(agentId) || (nonZero.size > 0 && !learned.has(agentId)),
  )
  for (const value of imported) into.values.push(value)
  const left = derivable.length - imported.length
  if (left > 0) notes.push(`${left} values are 0 and left out: they are derived from the experiences of their agents.`)
  return into.importBatch()
}
