import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Intake, IntakeRows } from '../../src/learning/intake.ts'
import { nodeEngine } from '../../src/runtime/node-engine.ts'
import type { Engine } from '../../src/sql/engine.ts'
import type { ForeignLimits } from '../../src/sql/foreign-database.ts'
import { readAgenticQe } from '../../src/transfer/agentic-qe.ts'
import type { Reading } from '../../src/transfer/reading.ts'

export const engine: Engine = await nodeEngine()

/** What a reading ends with. */
export function intakeOf(reading: Reading): Intake {
  let step = reading.next()
  while (!step.done) step = reading.next()
  return step.value
}

export function read(bytes: Uint8Array, limits?: ForeignLimits): Intake {
  return intakeOf(readAgenticQe(engine, bytes, limits))
}

/** The rows for one of our tables, by column. */
export function rowsFor(intake: Pick<Intake, 'rows'>, table: string): Record<string, unknown>[] {
  const named = ({ columns, rows }: IntakeRows): Record<string, unknown>[] =>
    rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])))
  return intake.rows.filter((rows) => rows.table === table).flatMap(named)
}

/** How many rows there are for each of our tables. */
export function counts(intake: Intake): Record<string, number> {
  return Object.fromEntries(intake.rows.map(({ table, rows }) => [table, rows.length]))
}

const data = process.env.LEARNING_STORE_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))

/** A real file, and whether it is there. */
export function realFile(name: string): { path: string; missing: boolean } {
  const path = join(data, name)
  return { path, missing: !existsSync(path) }
}
