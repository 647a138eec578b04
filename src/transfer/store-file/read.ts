import { StoreError } from '../../errors.ts'
import { EXPERIENCE_FIELD_LIST, type ExperienceFieldKind } from '../../experience-fields.ts'
import type { ImportBatch, ImportedRows } from '../../learning/maintenance/import-batch.ts'
import type { Replica } from '../../learning/maintenance/replica.ts'
import { SkippedRecords } from '../../learning/maintenance/skipped-records.ts'
import type { Progress } from '../../learning/progress.ts'
import { isOurs } from '../../sql/check.ts'
import type { SqlValue } from '../../sql/connection.ts'
import type { Engine } from '../../sql/engine.ts'
import { ForeignDatabase } from '../../sql/foreign-database.ts'
import { foreign } from '../../sql/foreign-schema.ts'
import { migrations } from '../../sql/migrations.ts'
import type { ReplicatedRow } from '../../tables/experience-replicas.ts'
import { ROW_TABLES } from '../../tables/tables.ts'
import { name, parsedJson } from '../foreign/column-types.ts'
import { readAgents } from './agents.ts'
import { objectIn, readDecisions } from './decisions.ts'
import { type Cell, rowsOf, textOrNull } from './rows.ts'
import { readSums } from './sums.ts'

/** The contents of the file of another store. */
export interface StoreFile {
  readonly replica: Replica
  /** Rows of other tables, which are imported as they are. */
  readonly importBatch: ImportBatch
}

/** Where the header holds `user_version`, big-endian. https://www.sqlite.org/fileformat.html */
const USER_VERSION_OFFSET = 60

/**
 * Reads the file of another store, without trusting it: its views and triggers are never executed.
 * @throws NOT_A_STORE for another file, SCHEMA_TOO_NEW for a later version.
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
    const skipped = new SkippedRecords()
    const meta = yield* rowsOf(database, 'store_meta', (cell) => [String(cell('key')), String(cell('value'))] as const)
    const replicaId = new Map(meta).get('replica_id')
    if (replicaId === undefined) throw foreign('a store with the id of its replica, got one without')
    const agents = yield* readAgents(database)
    const experiences = yield* rowsOf(database, 'learning_experiences', experienceOf)
    const good = experiences.filter((row) => row !== undefined)
    const bad = experiences.length - good.length
    if (bad > 0) skipped.add('learning_experiences', 'is not a valid experience', bad)
    const { decisions, damaged } = yield* readDecisions(database)
    if (damaged > 0) skipped.add('learning_decisions', 'is not a valid decision', damaged)
    const rows: ImportedRows[] = []
    for (const table of [...ROW_TABLES, 'test_patterns']) rows.push(...(yield* wholeTable(database, table)))
    const importBatch = { agents: [], experiences: [], values: [], rows, skipped: skipped.list(), notes: [] }
    const sums = yield* readSums(database, replicaId, good)
    return { replica: { replicaId, agents, experiences: good, decisions, ...sums }, importBatch }
  } finally {
    database.close()
  }
}

function* wholeTable(database: ForeignDatabase, name: string): Generator<Progress, ImportedRows[]> {
  const columns = [...(database.table(name)?.columns ?? [])]
  const rows = yield* rowsOf(database, name, (cell) => columns.map(cell))
  return rows.length === 0 ? [] : [{ table: name, columns, rows }]
}

/** The row as this package would have written it; undefined if nothing could be learned from it. */
function experienceOf(cell: Cell): ReplicatedRow | undefined {
  const id = cell('id')
  if (!Number.isSafeInteger(id)) return undefined
  const row: { [field: string]: unknown } = {}
  for (const [field, { column, kind }] of EXPERIENCE_FIELD_LIST) {
    // Another program may have recorded it without an id.
    const value = READ[field === 'experienceId' ? 'name?' : kind](cell(column))
    if (value === undefined) return undefined
    row[field] = value
  }
  const replica = {
    replicaId: textOrNull(cell('replica_id')),
    replicaSequence: Number(cell('replica_sequence')) || null,
  }
  return { ...row, id: Number(id), ...replica } as ReplicatedRow
}

const READ: { readonly [K in ExperienceFieldKind]: (value: SqlValue) => unknown } = {
  name: (value) => name.parse(value),
  'name?': textOrNull,
  json: (value) => (parsedJson(value) === undefined ? undefined : String(value)),
  'list?': (value) => (value === null ? null : Array.isArray(parsedJson(value)) ? String(value) : undefined),
  number: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined),
  'share?': (value) => (typeof value === 'number' && value > 0 && value <= 1 ? value : null),
  flag: (value) => value === 1,
  time: (value) => String(value ?? ''),
  'object?': objectIn,
}
