import { checkBoolean, checkName, checkOneOf, checkOptions } from '../checks.ts'
import { StoreError } from '../errors.ts'
import type { LearningStore } from '../learning/learning-store.ts'
import type { ImportBatch } from '../learning/maintenance/import-batch.ts'
import type { MergeResult } from '../learning/maintenance/merge.ts'
import { isOurs } from '../sql/check.ts'
import type { Engine } from '../sql/engine.ts'
import { readAgenticQe } from './agentic-qe/read.ts'
import { readExperiencesCsv } from './csv/read.ts'
import { formatOf } from './detect-format.ts'
import type { ImportFormat, ImportOptions, ImportResult } from './job.ts'
import { readJsonLines } from './json-lines/read.ts'
import type { LearnedBy } from './learned-by.ts'
import { readLearningModelState } from './learning-model/read.ts'
import type { Reading, ReadProgress } from './reading.ts'
import { readRuvectorQTable, readRuvectorTrajectories } from './ruvector.ts'
import { readStoreFile, type StoreFile } from './store-file/read.ts'

const FORMATS: readonly ImportFormat[] = [
  ...(['learning-store', 'agentic-qe', 'learning-model-state', 'ruvector-qtable', 'ruvector-trajectories'] as const),
  ...(['json-lines', 'csv'] as const),
]

/** Reads a source, slice by slice; then takes it in, in one transaction, or works out what would come of that. */
export function* importSteps(
  store: LearningStore,
  engine: Engine,
  source: Uint8Array,
  options: ImportOptions,
): Generator<ReadProgress, ImportResult> {
  const { dryRun = false, forgetRemoved = false } = check(options)
  const format = options.format ?? recognised(source, options.name)
  const read = yield* reading(format, engine, source, options)
  if (!('replica' in read)) {
    return { format, dryRun, ...store.applyImport(read, dryRun), merged: undefined }
  }
  let merged: MergeResult | undefined
  const taken = store.both(() => {
    merged = store.merge(read.replica, { forgetRemoved })
    return store.applyImport(read.importBatch, false)
  }, dryRun)
  return { format, dryRun, ...taken, merged }
}

function* reading(
  format: ImportFormat,
  engine: Engine,
  source: Uint8Array,
  { agentId, taskType }: ImportOptions,
): Generator<ReadProgress, ImportBatch | StoreFile> {
  if (format === 'learning-store') return yield* readStoreFile(engine, source)
  const learnedBy = { ...(agentId !== undefined && { agentId }), ...(taskType !== undefined && { taskType }) }
  return yield* foreignReading(format, engine, source, learnedBy)
}

function foreignReading(
  format: Exclude<ImportFormat, 'learning-store'>,
  engine: Engine,
  source: Uint8Array,
  learnedBy: LearnedBy,
): Reading {
  switch (format) {
    case 'agentic-qe':
      return readAgenticQe(engine, source)
    case 'learning-model-state':
      return readLearningModelState(source)
    case 'ruvector-qtable':
      return readRuvectorQTable(source, learnedBy)
    case 'ruvector-trajectories':
      return readRuvectorTrajectories(source, learnedBy)
    case 'json-lines':
      return readJsonLines(source, learnedBy)
    case 'csv':
      return readExperiencesCsv(source, learnedBy)
  }
}

function recognised(source: Uint8Array, name?: string): ImportFormat {
  const found = formatOf(source, name)
  if (found === undefined) {
    const known = 'a store, a file of agentic-qe, a LearningModelState, RuVector data, JSON Lines or CSV of experiences'
    throw new StoreError('NOT_A_STORE', `Expected ${known}, got ${source.length} bytes of something else`)
  }
  if (found !== 'sqlite') return found
  return isOurs(source) ? 'learning-store' : 'agentic-qe'
}

function check(options: ImportOptions): ImportOptions {
  const fields = ['format', 'name', 'agentId', 'taskType', 'dryRun', 'forgetRemoved'] as const
  const { format, name, agentId, taskType, dryRun, forgetRemoved } = checkOptions(options, 'the options', fields)
  if (format !== undefined) checkOneOf(format, 'format', FORMATS)
  for (const [what, value] of Object.entries({ name, agentId, taskType })) {
    if (value !== undefined) checkName(value, what)
  }
  for (const [what, value] of Object.entries({ dryRun, forgetRemoved })) {
    if (value !== undefined) checkBoolean(value, what)
  }
  return options
}
