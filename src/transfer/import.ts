import { StoreError } from '../errors.ts'
import type { LearningStore } from '../learning/learning-store.ts'
import type { ImportBatch } from '../learning/maintenance/import-batch.ts'
import type { MergeResult } from '../learning/maintenance/merge.ts'
import type { Progress } from '../learning/progress.ts'
import type { Engine } from '../sql/engine.ts'
import { declaredTables } from '../sql/schema-texts.ts'
import { readAgentDb } from './agentdb/read.ts'
import { readAgenticQe } from './agentic-qe/read.ts'
import { readClaudeFlow } from './claude-flow/read.ts'
import { readCsv } from './csv/read-learned.ts'
import { importFormatOf } from './detect-format.ts'
import { duplicateNotes, withFileIds } from './duplicates.ts'
import { withTables } from './foreign/read-database.ts'
import { checkImportOptions, checkOnlyForCsv } from './import-options.ts'
import type { ImportFormat, ImportOptions, ImportResult } from './job.ts'
import { readJsonLines } from './json-lines/read.ts'
import { readLearningModelState } from './learning-model/read.ts'
import { readRuvectorIntelligence } from './ruvector/intelligence.ts'
import { readRuvectorQTable } from './ruvector/q-table.ts'
import { readRuvectorTrajectories } from './ruvector/trajectories.ts'
import type { SourceDefaults, SourceReader } from './source.ts'
import { readStoreFile, type StoreFile } from './store-file/read.ts'
import { readVowpalWabbit } from './vowpal-wabbit/read.ts'
import { wholeSource, withNotes } from './write-ahead-log.ts'

/**
 * Reads a source in slices, then imports it in one transaction, which `dryRun` rolls back.
 * @param now in ms since the epoch.
 * @throws INVALID_ARGUMENT, NOT_A_STORE, SCHEMA_TOO_NEW
 */
export function* runImport(
  store: LearningStore,
  engine: Engine,
  source: Uint8Array,
  options: ImportOptions,
  now: number,
): Generator<Progress, ImportResult> {
  const { bytes, notes, hints } = wholeSource(source, checkImportOptions(options))
  try {
    const result = yield* importWhole(store, engine, bytes, options, now)
    return { ...result, notes: [...notes, ...result.notes] }
  } catch (error) {
    throw withNotes(error, [...notes, ...hints])
  }
}

function* importWhole(
  store: LearningStore,
  engine: Engine,
  source: Uint8Array,
  options: ImportOptions,
  now: number,
): Generator<Progress, ImportResult> {
  const { dryRun = false, forgetRemoved = false, duplicates = 'skip' } = options
  const format = options.format ?? detected(source, options)
  checkOnlyForCsv(format, options)
  const read = yield* readSource(format, engine, source, options, now)
  if (!('replica' in read)) {
    const batch = duplicates === 'keep' ? yield* withFileIds(read, source, options.name) : read
    const { unidentified, notes, ...applied } = store.applyImport(batch, dryRun)
    return {
      format,
      dryRun,
      ...applied,
      notes: [...notes, ...duplicateNotes(unidentified, duplicates)],
      merged: undefined,
    }
  }
  let merged: MergeResult | undefined
  const imported = store.attempt(() => {
    merged = store.merge(read.replica, { forgetRemoved })
    return store.applyImport(read.importBatch, false)
  }, dryRun)
  const { unidentified: _, ...applied } = imported
  return { format, dryRun, ...applied, merged }
}

function* readSource(
  format: ImportFormat,
  engine: Engine,
  source: Uint8Array,
  { agentId, taskType, map, decimal }: ImportOptions,
  now: number,
): Generator<Progress, ImportBatch | StoreFile> {
  if (format === 'learning-store') return yield* readStoreFile(engine, source)
  const defaults: SourceDefaults = {
    ...(agentId !== undefined && { agentId }),
    ...(taskType !== undefined && { taskType }),
  }
  if (format === 'csv') {
    const dialect = { ...(map !== undefined && { map }), ...(decimal !== undefined && { decimal }) }
    return yield* readCsv(source, { ...defaults, ...dialect })
  }
  return yield* readForeignSource(format, engine, source, defaults, now)
}

function readForeignSource(
  format: Exclude<ImportFormat, 'learning-store' | 'csv'>,
  engine: Engine,
  source: Uint8Array,
  defaults: SourceDefaults,
  now: number,
): SourceReader {
  switch (format) {
    case 'agentic-qe':
      return readAgenticQe(engine, source)
    case 'agentdb':
      return readAgentDb(engine, source, defaults)
    case 'claude-flow':
      return readClaudeFlow(engine, source, now, defaults)
    case 'learning-model-state':
      return readLearningModelState(source)
    case 'ruvector-qtable':
      return readRuvectorQTable(source, defaults)
    case 'ruvector-trajectories':
      return readRuvectorTrajectories(source, defaults)
    case 'ruvector-intelligence':
      return readRuvectorIntelligence(source, defaults)
    case 'json-lines':
      return readJsonLines(source, defaults)
    case 'vowpal-wabbit':
      return readVowpalWabbit(source, defaults)
  }
}

/** The detected format. The columns that a map names need not be known ones. */
function detected(source: Uint8Array, { name, map }: ImportOptions): ImportFormat {
  const found = importFormatOf(source, name) ?? (map && 'csv')
  if (found !== undefined) return found
  const known =
    'a store, a file of agentic-qe, AgentDB or claude-flow, a LearningModelState, RuVector data, JSON Lines, CSV, or text of Vowpal Wabbit'
  const tables = declaredTables(source)
  const got = tables ? `a SQLite file ${withTables(tables.keys())}` : `${source.length} bytes of something else`
  throw new StoreError('NOT_A_STORE', `Expected ${known}, got ${got}`)
}
