import { checkCount, checkOptions } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { ImportBatch } from '../../learning/maintenance/import-batch.ts'
import { isOurs } from '../../sql/check.ts'
import type { Engine } from '../../sql/engine.ts'
import { ForeignDatabase, type ForeignLimits, type ForeignTable } from '../../sql/foreign-database.ts'
import { foreign } from '../../sql/foreign-schema.ts'
import type { Reading } from '../reading.ts'
import { FLEET_TABLES } from './fleet.ts'
import { ImportBuilder } from './import-builder.ts'
import { patternReaders } from './patterns.ts'
import { learningReaders } from './read-learned.ts'
import { version3Readers } from './read-v3.ts'
import { SWARM_TABLES } from './swarm.ts'
import { copying, fits, missing, readTable, type TableReader } from './table-reader.ts'
import { BANK_TABLES } from './test-patterns.ts'

/** The files of agentic-qe that can be told apart. */
export type AgenticQeFile =
  | 'memory.db of 1.4'
  | 'memory.db of 2.8'
  | 'memory.db of 3.8'
  | 'patterns.db'
  | 'swarm-memory.db'

/** Which file of agentic-qe has these tables; undefined where none has. */
export function recognised(tables: ReadonlyMap<string, ReadonlySet<string>>): AgenticQeFile | undefined {
  const has = (table: string, column: string): boolean => tables.get(table)?.has(column) ?? false
  if (has('qe_patterns', 'pattern_type') || has('rl_q_values', 'q_value')) return 'memory.db of 3.8'
  if (has('captured_experiences', 'task')) return 'memory.db of 3.8'
  if (has('learning_experiences', 'metadata') || has('schema_migrations', 'version')) return 'memory.db of 2.8'
  if (has('learning_experiences', 'reward') || has('q_values', 'q_value')) return 'memory.db of 1.4'
  if (has('test_patterns', 'code_signature')) return 'patterns.db'
  return has('memory_entries', 'partition') ? 'swarm-memory.db' : undefined
}

/** Tables that are known and not taken, and why. */
const LEFT: ReadonlyMap<string, string> = new Map([
  ['pattern_fts', 'full text is made again from the patterns'],
  ['schema_migrations', 'says what its own schema went through'],
  ['schema_version', 'says what version its own schema has'],
])

/** How much of a file is taken. */
export interface ReadLimits extends ForeignLimits {
  /** The most rows in the tables that are read; 2,000,000 unless given: all that is read is held in memory at once. */
  readonly mostRows?: number
}

const LIMITS = ['mostBytes', 'mostValueBytes', 'mostRows'] as const
const MOST_ROWS = 2_000_000

/**
 * Reads a file of agentic-qe: memory.db of 1.4, 2.8 or 3.8, patterns.db, swarm-memory.db. The file is not changed.
 * @throws INVALID_ARGUMENT for limits that are none, and for a file that is larger or has more rows.
 * @throws NOT_A_STORE for one that is no whole database, or none of agentic-qe.
 */
export function* readAgenticQe(engine: Engine, bytes: Uint8Array, limits: ReadLimits = {}): Reading {
  checkOptions(limits, 'the limits', LIMITS)
  for (const limit of LIMITS) if (limits[limit] !== undefined) checkCount(limits[limit], limit, 1)
  if (isOurs(bytes)) throw foreign('a file of agentic-qe, got a store of this package: merge it')
  const database = new ForeignDatabase(engine, bytes, limits)
  try {
    return yield* readAll(database, limits.mostRows ?? MOST_ROWS)
  } finally {
    database.close()
  }
}

function* readAll(database: ForeignDatabase, mostRows: number): Reading {
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
      into.skip(name, LEFT.get(name) ?? `is a virtual table (${module ?? 'of no module'}), which is not opened`, 0)
    else if (kind === 'view' && names.has(name)) into.skip(name, 'is a view, which does not run', 0)
    else if (kind === 'table' && !name.startsWith('sqlite_'))
      into.skip(name, 'has generated columns, which do not run', 0)
  }
  const file = recognised(new Map([...tables].map(([name, { columns }]) => [name, columns])))
  if (file === undefined) throw foreign('a database of agentic-qe, got one without any table of it')
  into.notes.push(`The file is a ${file} of agentic-qe.`)

  const rows = [...tables].reduce((sum, [name, { count }]) => sum + (names.has(name) ? count : 0), 0)
  if (rows > mostRows) {
    throw new StoreError('INVALID_ARGUMENT', `Expected a file of at most ${mostRows} rows to read, got ${rows}`)
  }

  const read = new Set<string>()
  for (const reader of readers) {
    const table = tables.get(reader.table)
    if (!table || read.has(reader.table) || !fits(reader, table)) continue
    read.add(reader.table)
    const left = [...table.columns].filter((column) => !Object.hasOwn(reader.columns, column))
    if (table.count > 0 && left.length > 0) into.notes.push(`Of ${reader.table} is not taken: ${left.join(', ')}.`)
    yield* readTable(reader, database, table, into)
  }
  for (const [name, table] of tables) {
    if (!read.has(name) && table.count > 0 && !isShadow(name, database))
      into.skip(name, whyLeft(name, table, readers), table.count)
  }
  return finished(into)
}

function copies(): TableReader[] {
  return [...BANK_TABLES, ...SWARM_TABLES, ...FLEET_TABLES].map(copying)
}

/** Whether a table is the inside of a virtual one. */
function isShadow(name: string, database: ForeignDatabase): boolean {
  return [...database.declared].some(({ name: outer, kind }) => kind === 'virtual' && name.startsWith(`${outer}_`))
}

function whyLeft(name: string, table: ForeignTable, readers: readonly TableReader[]): string {
  const form = readers.find((reader) => reader.table === name)
  if (form) return `has no column ${missing(form, table).join(', ')}`
  return LEFT.get(name) ?? 'nothing here corresponds to it'
}

/**
 * Decides which values are taken: those that the file holds, which were learned from more than the experiences it still has. But
 * agentic-qe updates a value under one key and keeps it under another, so that each kept one is 0: values of an agent that are all 0
 * say nothing where its experiences are there, from which they can be had, nor where no agent has others.
 */
function finished(into: ImportBuilder): ImportBatch {
  const { derivable, experiences, notes } = into
  const learned = new Set(experiences.map(({ agentId }) => agentId))
  const told = new Set(derivable.filter(({ value }) => value !== 0).map(({ agentId }) => agentId))
  const taken = derivable.filter(({ agentId }) => told.has(agentId) || (told.size > 0 && !learned.has(agentId)))
  for (const value of taken) into.values.push(value)
  const left = derivable.length - taken.length
  if (left > 0) notes.push(`${left} values are 0 and left out: they are derived from the experiences of their agents.`)
  return into.importBatch()
}
