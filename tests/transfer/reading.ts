import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { keyOf } from '../../src/algorithms/keys/keys.ts'
import { checkName } from '../../src/checks.ts'
import { checkExperience, type Experience } from '../../src/learning/core/experience.ts'
import type { ImportBatch, ImportedRows } from '../../src/learning/maintenance/import-batch.ts'
import { nodeEngine } from '../../src/runtime/node/engine.ts'
import { Connection, type SqlValue } from '../../src/sql/connection.ts'
import type { Engine } from '../../src/sql/engine.ts'
import { migrate } from '../../src/sql/migrations.ts'
import { readAgenticQe } from '../../src/transfer/agentic-qe/read.ts'
import type { ReadLimits } from '../../src/transfer/foreign/read-database.ts'
import { type Copy, ourColumns } from '../../src/transfer/foreign/table-reader.ts'
import type { SourceReader } from '../../src/transfer/source.ts'

export const engine: Engine = await nodeEngine()

/** Reads a source to its end. */
export function importBatchOf(reader: SourceReader): ImportBatch {
  let step = reader.next()
  while (!step.done) step = reader.next()
  return step.value
}

export function read(bytes: Uint8Array, limits?: ReadLimits): ImportBatch {
  return importBatchOf(readAgenticQe(engine, bytes, limits))
}

/** The rows for one of our tables, by column. */
export function rowsFor(importBatch: Pick<ImportBatch, 'rows'>, table: string): Record<string, unknown>[] {
  const named = ({ columns, rows }: ImportedRows): Record<string, unknown>[] =>
    rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])))
  return importBatch.rows.filter((rows) => rows.table === table).flatMap(named)
}

/** An empty store. */
export function fresh(): Connection {
  const connection = new Connection(engine)
  migrate(connection)
  return connection
}

/** Puts rows of a source's table into ours. */
export function fill(connection: Connection, copy: Copy, rows: readonly SqlValue[][]): void {
  const columns = ourColumns(copy)
  const sql = `INSERT INTO ${copy.ours ?? copy.table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
  for (const row of rows) connection.run(sql, row)
}

/**
 * Puts everything that is taken as it is into our tables: only a key that is there already may keep a row out. What goes
 * through the learning is checked as it would be there.
 */
export function insert(connection: Connection, { rows, experiences, values }: ImportBatch): void {
  for (const { agentId, timestamp, ...told } of experiences) {
    const given = Object.entries(told).filter(([field, value]) => value !== null || field === 'nextState')
    checkName(agentId, 'agentId')
    const all = { state: null, action: null, ...Object.fromEntries(given) } as unknown as Experience
    checkExperience(all, { id: () => 'none', taskType: 'none', rewardRange: null })
  }
  for (const { agentId, state, action } of values) {
    checkName(agentId, 'agentId')
    keyOf(state)
    keyOf(action)
  }
  for (const { table, columns, rows: all } of rows) {
    const storages = columns.map(() => '?').join(', ')
    const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${storages}) ON CONFLICT DO NOTHING`
    for (const row of all) connection.run(sql, row)
  }
}

/** How many rows there are for each of our tables. */
export function counts(importBatch: ImportBatch): Record<string, number> {
  return Object.fromEntries(importBatch.rows.map(({ table, rows }) => [table, rows.length]))
}

const data = process.env.LEARNING_STORE_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))

/** A real file, and whether it is there. */
export function realFile(name: string): { path: string; missing: boolean } {
  const path = join(data, name)
  return { path, missing: !existsSync(path) }
}
