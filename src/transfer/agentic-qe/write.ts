import type { Connection, SqlValue } from '../../sql/connection.ts'
import type { Engine } from '../../sql/engine.ts'
import { memoryFileSchema, patternsFileSchema, swarmFileSchema } from '../../sql/schema/agentic-qe.ts'
import { databaseOf, rowsOf, type TableRows } from '../../sql/table-rows.ts'
import { parsedObject } from '../foreign/column-types.ts'
import { type Copy, ourColumns } from '../foreign/table-reader.ts'
import { FLEET_TABLES } from './fleet.ts'
import { strategyRows } from './patterns.ts'
import { SWARM_PATTERNS, SWARM_TABLES } from './swarm.ts'
import { BANK_TABLES } from './test-patterns.ts'
import { learningTables } from './write-learned.ts'

/**
 * Writes the three files of an `.agentic-qe` folder of agentic-qe 1.4.2. Tables of the swarm are in two of them, because programs of
 * that system open one or the other. Deterministic: the same store gives the same bytes.
 *
 * The files hold complete experiences, values with visits, configurations of learners, strategies, the pattern bank, shared memory
 * and the fleet. They do not hold the progress of learners (decayed exploration rate, generator), the pairs of Double Q-learning, vectors
 * (see `lossesOf`), execution patterns, preferences, performance metrics, votes against proposals, or the identity of the store.
 * @returns the bytes by path in the folder.
 */
export function writeAgenticQe(connection: Connection, engine: Engine): Record<string, Uint8Array> {
  const copied = (copies: readonly Copy[]): TableRows[] => copies.map((copy) => rowsFor(connection, copy))
  const swarm = [...SWARM_TABLES, SWARM_PATTERNS]
  const memory = [...copied([...swarm, ...FLEET_TABLES]), strategyRows(connection), ...learningTables(connection)]
  return {
    'memory.db': databaseOf(engine, memoryFileSchema, memory),
    'patterns.db': databaseOf(engine, patternsFileSchema, [...copied(BANK_TABLES), fullText(connection)]),
    'data/swarm-memory.db': databaseOf(engine, swarmFileSchema, copied(swarm)),
  }
}

function rowsFor(connection: Connection, copy: Copy): TableRows {
  const { table, ours = table, columns } = copy
  return { table, columns: Object.keys(columns), rows: rowsOf(connection, ours, ourColumns(copy)) }
}

/** The full text of the test patterns. */
function fullText(connection: Connection): TableRows {
  const columns = ['pattern_id', 'pattern_name', 'description', 'tags', 'framework', 'pattern_type']
  return { table: 'pattern_fts', columns, rows: searchable(connection) }
}

function* searchable(connection: Connection): Generator<SqlValue[]> {
  for (const row of rowsOf(connection, 'test_patterns', ['id', 'metadata', 'framework', 'pattern_type'])) {
    const [id = null, metadata = null, framework = null, type = null] = row
    const { name, description, tags } = parsedObject(metadata)
    const words = Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string').join(' ') : ''
    yield [id, textOf(name), textOf(description), words, framework, type]
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
