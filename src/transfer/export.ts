import { checkName, checkOneOf, checkOptions, invalid } from '../checks.ts'
import { tallyOf } from '../learning/executions/tally.ts'
import type { LearningStore } from '../learning/learning-store.ts'
import type { Progress } from '../learning/progress.ts'
import type { Connection } from '../sql/connection.ts'
import type { Engine } from '../sql/engine.ts'
import { VERSION } from '../version.ts'
import { lossesOf } from './agentic-qe/losses.ts'
import { writeAgenticQe } from './agentic-qe/write.ts'
import { writeExperiencesCsv, writePatternsCsv, writeValuesCsv } from './csv/write.ts'
import { CSV_CONTENTS, EXPORT_FORMATS, type ExportedFile, type ExportOptions } from './job.ts'
import { writeJsonLines } from './json-lines/write.ts'
import { writeLearningModelState } from './learning-model/write.ts'
import { bytesOf } from './text.ts'

/** The store that an export reads. */
export interface ExportSource {
  readonly store: LearningStore
  readonly connection: Connection
  readonly engine: Engine
  /** Returns the whole database as bytes. */
  readonly snapshot: () => Uint8Array
  /** Returns the time in ms since the epoch. */
  readonly now: () => number
}

const ALL = Number.MAX_SAFE_INTEGER

/** Writes the contents of a store as files of a format, in chunks of about 64 KiB. @throws INVALID_ARGUMENT */
export function* runExport(from: ExportSource, options: ExportOptions): Generator<Progress, readonly ExportedFile[]> {
  const { format, agentId, what = 'experiences' } = check(options)
  switch (format) {
    case 'sqlite':
      return [{ path: 'learning.db', bytes: from.snapshot() }]
    case 'agentic-qe': {
      from.snapshot()
      const files = writeAgenticQe(from.connection, from.engine)
      const losses = lossesOf(from.connection)
      return Object.entries(files).map(([path, bytes]) => {
        const notes = losses.flatMap(({ file, note }) => (file === path ? [note] : []))
        return notes.length === 0 ? { path, bytes } : { path, bytes, notes }
      })
    }
    case 'learning-model-state':
      return [yield* written(`${agentId}.json`, writeLearningModelState(modelOf(from, agentId ?? '')))]
    case 'json-lines':
      return [yield* written('experiences.jsonl', writeJsonLines(experiencesOf(from, agentId)))]
    case 'csv':
      return [yield* written(`${what}.csv`, csv(from, what, agentId))]
  }
}

function* written(path: string, pieces: Iterable<string>): Generator<Progress, ExportedFile> {
  const chunks: Uint8Array[] = []
  let length = 0
  for (const chunk of bytesOf(pieces)) {
    chunks.push(chunk)
    length += chunk.length
    yield { what: `bytes of ${path}`, done: length, total: undefined }
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return { path, bytes }
}

function csv(from: ExportSource, what: (typeof CSV_CONTENTS)[number], agentId: string | undefined): Iterable<string> {
  const { store } = from
  if (what === 'experiences') return writeExperiencesCsv(experiencesOf(from, agentId))
  if (what === 'patterns') {
    return writePatternsCsv(
      store.patterns.list({ ...(agentId !== undefined && { agentId }), minLowerBound: 0, limit: ALL }),
    )
  }
  const agents = agentId === undefined ? store.agents.list().map(({ id }) => id) : [agentId]
  return writeValuesCsv(
    agents.flatMap((id) => store.values.list({ agentId: id, limit: ALL }).map((value) => ({ agentId: id, ...value }))),
  )
}

function experiencesOf(
  { store }: ExportSource,
  agentId: string | undefined,
): ReturnType<LearningStore['experiences']['list']> {
  return store.experiences.list({ ...(agentId !== undefined && { agentId }), limit: ALL }).reverse()
}

function modelOf(from: ExportSource, agentId: string): Parameters<typeof writeLearningModelState>[0] {
  const { store } = from
  const {
    id: _,
    currentExplorationRate,
    experienceCount,
    learnedScale: __,
    ...configuration
  } = store.agentOf(agentId).status()
  return {
    agentId,
    configuration,
    explorationRate: currentExplorationRate,
    experienceCount,
    version: VERSION,
    values: store.values.listByState(agentId),
    experiences: experiencesOf(from, agentId),
    tally: tallyOf(from, agentId),
    now: from.now(),
    patterns: store.patterns.list({ agentId, minLowerBound: 0, limit: ALL }),
  }
}

function check(options: ExportOptions): ExportOptions {
  const { format, agentId, what } = checkOptions(options, 'the options', ['format', 'agentId', 'what'])
  checkOneOf(format, 'format', EXPORT_FORMATS)
  if (agentId !== undefined) checkName(agentId, 'agentId')
  const isWhole = format === 'sqlite' || format === 'agentic-qe'
  if (isWhole && agentId !== undefined)
    throw invalid('agentId', `left out for ${format}, which exports the whole store`, agentId)
  if (format === 'learning-model-state' && agentId === undefined)
    throw invalid('agentId', 'the id of an agent', agentId)
  if (what !== undefined && (format !== 'csv' || !CSV_CONTENTS.includes(what))) {
    throw invalid('what', `one of ${CSV_CONTENTS.join(', ')}, with the format csv`, what)
  }
  return options
}
