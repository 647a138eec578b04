import { checkCount, checkOptions } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { ImportBatch } from '../../learning/maintenance/import-batch.ts'
import { isOurs } from '../../sql/check.ts'
import type { Engine } from '../../sql/engine.ts'
import { ForeignDatabase, type ForeignLimits, type ForeignTable } from '../../sql/foreign-database.ts'
import { foreign } from '../../sql/foreign-schema.ts'
import { ImportBuilder } from '../foreign/import-builder.ts'
import { copying, fits, missing, readTable, type TableReader } from '../foreign/table-reader.ts'
import type { SourceReader } from '../source.ts'
import { FLEET_TABLES } from './fleet.ts'
import { patternReaders } from './patterns.ts'
import { learningReaders } from './read-learned.ts'
import { version3Readers } from './read-v3.ts'
import { SWARM_TABLES } from './swarm.ts'
import { BANK_TABLES } from './test-patterns.ts'

/** A file of agentic-qe. */
export type AgenticQeFile =
  | 'memory.db of 1.4'
  | 'memory.db of 2.8'
  | 'memory.db of 3.8'
  | 'patterns.db'
  | 'swarm-memory.db'

/** Detects the file of agentic-qe by its tables and columns; undefined for other files. */
export function detected(tables: ReadonlyMap<string, ReadonlySet<string>>): AgenticQeFile | undefined {
  const has = (table: string, column: string): boolean => tables.get(table)?.has(column) ?? false
  if (has('qe_patterns', 'pattern_type') || has('rl_q_values', 'q_value')) return 'memory.db of 3.8'
  if (has('captured_experiences', 'task')) return 'memory.db of 3.8'
  if (has('learning_experiences', 'metadata') || has('schema_migrations', 'version')) return 'memory.db of 2.8'
  if (has('learning_experiences', 'reward') || has('q_values', 'q_value')) return 'memory.db of 1.4'
  if (has('test_patterns', 'code_signature')) return 'patterns.db'
  return has('memory_entries', 'partition') ? 'swarm-memory.db' : undefined
}

/** Known tables that are not imported, with the reason. */
const NOT_IMPORTED: ReadonlyMap<string, string> = new Map([
  ['pattern_fts', 'full text is built from the patterns'],
  ['schema_migrations', 'describes migrations of its own schema'],
  ['schema_version', 'holds the version of its own schema'],
])

/** Limits for reading a file of agentic-qe. */
export interface ReadLimits extends ForeignLimits {
  /** Maximum number of rows in the tables that are read, which are all held in memory. @default 2_000_000 */
  readonly maxRows?: number
}

const LIMITS = ['maxBytes', 'maxValueBytes', 'maxRows'] as const
const MAX_ROWS = 2_000_000

/**
 * Reads a file of agentic-qe: memory.db of 1.4, 2.8 or 3.8, patterns.db, or swarm-memory.db.
 * @throws INVALID_ARGUMENT for invalid limits, and for a file above the limits. @throws NOT_A_STORE for a file that is corrupt or not
 * of agentic-qe.
 */
export function* readAgenticQe(engine: Engine, bytes: Uint8Array, limits: ReadLimits = {}): SourceReader {
  checkOptions(limits, 'the limits', LIMITS)
  for (const limit of LIMITS) if (limits[limit] !== undefined) checkCount(limits[limit], limit, 1)
  if (isOurs(bytes)) throw foreign('a file of agentic-qe, got a store of this package. Import it as learning-store')
  const database = new ForeignDatabase(engine, bytes, limits)
  try {
    return yield* readAll(database, limits.maxRows ?? MAX_ROWS)
  } finally {
    database.close()
  }
}

function* readAll(database: ForeignDatabase, maxRows: number): SourceReader {
  const into = new ImportBuilder()
  const tables = new Map<string, ForeignTable>()
  const readers = [...learningReaders(), ...patternReaders(), ...copies(), ...version3Readers()]
  const names = new Set(readers.map(({ table }) => table))
  for (const { name, kind, module } of database.declared) {
    const table = database.table(name)
    if (table) {
      tables.set(name, table)
      yield { what: name, done: 0, total: table.count }
    } else if (kind === 'virtual')
      into.skipped.add(
        name,
        NOT_IMPORTED.get(name) ?? `is a virtual table (${module ?? 'of no module'}), whose code is not trusted`,
        0,
      )
    else if (kind === 'view' && names.has(name)) into.skipped.add(name, 'is a view: its SQL is not trusted', 0)
    else if (kind === 'table' && !name.startsWith('sqlite_'))
      into.skipped.add(name, 'has generated columns: their SQL is not trusted', 0)
  }
  const file = detected(new Map([...tables].map(([name, { columns }]) => [name, columns])))
  if (file === undefined) throw foreign('a database of agentic-qe, got one without any table of it')
  into.notes.push(`The file is a ${file} of agentic-qe.`)

  const rows = [...tables].reduce((sum, [name, { count }]) => sum + (names.has(name) ? count : 0), 0)
  if (rows > maxRows) {
    throw new StoreError('INVALID_ARGUMENT', `Expected a file of at most ${maxRows} rows to read, got ${rows}`)
  }

  const read = new Set<string>()
  for (const reader of readers) {
    const table = tables.get(reader.table)
    if (!table || read.has(reader.table) || !fits(reader, table)) continue
    read.add(reader.table)
    const left = [...table.columns].filter((column) => !Object.hasOwn(reader.columns, column))
    if (table.count > 0 && left.length > 0)
      into.notes.push(`Columns of ${reader.table} that are not imported: ${left.join(', ')}.`)
    yield* readTable(reader, database, table, into)
  }
  for (const [name, table] of tables) {
    if (!read.has(name) && table.count > 0 && !isShadow(name, database))
      into.skipped.add(name, whyLeft(name, table, readers), table.count)
  }
  return finished(into)
}

function copies(): TableReader[] {
  return [...BANK_TABLES, ...SWARM_TABLES, ...FLEET_TABLES].map(copying)
}

/** Whether a table is a shadow table of a virtual one. */
function isShadow(name: string, database: ForeignDatabase): boolean {
  return [...database.declared].some(({ name: outer, kind }) => kind === 'virtual' && name.startsWith(`${outer}_`))
}

function whyLeft(name: string, table: ForeignTable, readers: readonly TableReader[]): string {
  const form = readers.find((reader) => reader.table === name)
  if (form) return `has no column ${missing(form, table).join(', ')}`
  return NOT_IMPORTED.get(name) ?? 'this store has no such table'
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
