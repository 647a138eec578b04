import { StoreError } from '../../errors.ts'
import { PLAIN_TABLES } from '../../learning/maintenance/apply-import.ts'
import type { ImportBatch, ImportedRows, SkippedRecord } from '../../learning/maintenance/import-batch.ts'
import type { Replica } from '../../learning/maintenance/merge.ts'
import type { Progress } from '../../learning/progress.ts'
import { isOurs } from '../../sql/check.ts'
import type { Engine } from '../../sql/engine.ts'
import { ForeignDatabase } from '../../sql/foreign-database.ts'
import { foreign } from '../../sql/foreign-schema.ts'
import { migrations } from '../../sql/migrations.ts'
import type { ReplicatedRow } from '../../tables/experience-replicas.ts'
import { name, parsedJson } from '../agentic-qe/column-types.ts'
import { readAgents } from './agents.ts'
import { rowsOf, textOrNull, type ValueCache } from './rows.ts'

/** What is in the file of another store of ours. */
export interface StoreFile {
  readonly replica: Replica
  /** What else it holds: tables whose rows mean what they say. */
  readonly importBatch: ImportBatch
}

/** Where the header holds `user_version`, big-endian. https://www.sqlite.org/fileformat.html */
const USER_VERSION_OFFSET = 60

/**
 * Reads the file of another store of this package, as little trusted as any stranger's: its views and triggers do not run.
 * @throws NOT_A_STORE for another file. @throws SCHEMA_TOO_NEW
 */
export function* readStoreFile(engine: Engine, bytes: Uint8Array): Generator<Progress, StoreFile> {
  if (!isOurs(bytes)) throw foreign('a store of this package, got another SQLite file')
  const version = new DataView(bytes.buffer, bytes.byteOffset).getUint32(USER_VERSION_OFFSET)
  if (version > migrations.length) {
    throw new StoreError(
      'SCHEMA_TOO_NEW',
      `Expected a store of schema ${migrations.length} or older, got schema ${version}`,
    )
  }
  const database = new ForeignDatabase(engine, bytes)
  try {
    const skipped: SkippedRecord[] = []
    const meta = yield* rowsOf(database, 'store_meta', (cell) => [String(cell('key')), String(cell('value'))] as const)
    const replicaId = new Map(meta).get('replica_id')
    if (replicaId === undefined) throw foreign('a store with the id of its replica, got one without')
    const agents = yield* readAgents(database)
    const experiences = yield* rowsOf(database, 'learning_experiences', experienceOf)
    const good = experiences.filter((row) => row !== undefined)
    const bad = experiences.length - good.length
    if (bad > 0) skipped.push({ what: 'learning_experiences', count: bad, reason: 'is not what an experience is' })
    const rows: ImportedRows[] = []
    for (const table of [...PLAIN_TABLES, 'test_patterns']) rows.push(...(yield* wholeTable(database, table)))
    const importBatch = { agents: [], experiences: [], values: [], rows, skipped, notes: [] }
    return { replica: { replicaId, agents, experiences: good }, importBatch }
  } finally {
    database.close()
  }
}

function* wholeTable(database: ForeignDatabase, name: string): Generator<Progress, ImportedRows[]> {
  const columns = [...(database.table(name)?.columns ?? [])]
  const rows = yield* rowsOf(database, name, (cell) => columns.map(cell))
  return rows.length === 0 ? [] : [{ table: name, columns, rows }]
}

/** Undefined where it is none: learning from it would fail. */
function experienceOf(cell: ValueCache): ReplicatedRow | undefined {
  const [id, reward] = [cell('id'), cell('reward')]
  const texts = ['state', 'action', 'next_state'].map(cell)
  if (!Number.isSafeInteger(id) || typeof reward !== 'number' || !Number.isFinite(reward)) return undefined
  if (name.take(cell('agent_id')) === undefined || name.take(cell('task_type')) === undefined) return undefined
  if (texts.some((text) => parsedJson(text) === undefined)) return undefined
  const available = cell('available_actions')
  if (available !== null && !Array.isArray(parsedJson(available))) return undefined
  const [state = '', action = '', nextState = ''] = texts.map(String)
  const text = (column: string): string | null => textOrNull(cell(column))
  const probability = cell('behavior_probability')
  return {
    ...{ id: Number(id), agentId: String(cell('agent_id')), experienceId: text('experience_id') },
    ...{ taskId: text('task_id'), taskType: String(cell('task_type')), state, action, reward, nextState },
    ...{ episodeId: text('episode_id'), timestamp: String(cell('timestamp') ?? '') },
    ...{ terminated: cell('terminated') === 1, truncated: cell('truncated') === 1 },
    behaviorProbability: typeof probability === 'number' && probability > 0 && probability <= 1 ? probability : null,
    actions: text('available_actions'),
    ...{ replicaId: text('replica_id'), replicaSequence: Number(cell('replica_sequence')) || null },
  }
}
