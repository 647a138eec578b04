import type { ImportCount, SkippedRecord } from '../learning/maintenance/import-batch.ts'
import type { MergeResult } from '../learning/maintenance/merge.ts'
import type { PruneOptions, PruneResult } from '../learning/maintenance/pruning.ts'
import type { Decimal } from './csv/cells.ts'
import type { ColumnMap } from './csv/field-columns.ts'

/** The formats that `importFile` reads. */
export const IMPORT_FORMATS = [
  'learning-store',
  'agentic-qe',
  'agentdb',
  'claude-flow',
  'learning-model-state',
  'ruvector-qtable',
  'ruvector-trajectories',
  'ruvector-intelligence',
  'json-lines',
  'csv',
  'vowpal-wabbit',
] as const

/** A format that `importFile` reads. A `learning-store` is merged. @useDeclaredType */
export type ImportFormat = (typeof IMPORT_FORMATS)[number]

/** What happens to experiences without an id and a time that equal known ones. */
export const DUPLICATES = ['skip', 'keep'] as const

/** Options of an import. */
export interface ImportOptions {
  /** Format of the source. Default: detected from its content, or from the ending of `name` if the content is inconclusive. */
  readonly format?: ImportFormat
  /** File name of the source. */
  readonly name?: string
  /**
   * Content of the write-ahead log beside a SQLite file, `FILE-wal`, which holds its newest changes; no bytes if there is none.
   * Default: read from the disk where the source is a path, otherwise unknown, which the notes mention for files that have one.
   */
  readonly wal?: Uint8Array
  /** Agent of the experiences for which the source names none. */
  readonly agentId?: string
  /** Task type of the experiences for which the source names none. */
  readonly taskType?: string
  /**
   * The columns of a CSV file that hold the fields of experiences, by field, where their names differ: `{ reward: 'score' }`. Fields have the
   * names of the columns in exported files, or of the API. A list, names joined by `+`, or a pattern with `*` stands for several
   * columns, whose values become an object by their names, as a state.
   */
  readonly map?: ColumnMap
  /** The character before the fraction of numbers in a CSV file. @default '.' */
  readonly decimal?: Decimal
  /**
   * What happens to experiences without an id and a time that equal known ones: `skip` counts them as known; `keep` adds those of
   * every file, once; a file is known by its bytes and its `name` without folders. @default 'skip'
   */
  readonly duplicates?: (typeof DUPLICATES)[number]
  /** Report what an import would change, without changing it. @default false */
  readonly dryRun?: boolean
  /**
   * Merge a store although experiences were removed from it or from this one; values are then derived from the remaining ones.
   * @default false
   */
  readonly forgetRemoved?: boolean
}

/** Result of an import or of a dry run. */
export interface ImportResult {
  readonly format: ImportFormat
  readonly dryRun: boolean
  readonly changes: readonly ImportCount[]
  readonly skipped: readonly SkippedRecord[]
  /** Remarks for people, in whole sentences. */
  readonly notes: readonly string[]
  /** Result of the merge if the source is a `learning-store`, otherwise undefined. */
  readonly merged: MergeResult | undefined
}

/** The formats that `exportFile` writes. */
export const EXPORT_FORMATS = ['sqlite', 'agentic-qe', 'learning-model-state', 'json-lines', 'csv'] as const

/**
 * A format that `exportFile` writes. `sqlite` holds the whole store, `agentic-qe` is a folder of three SQLite files, the others
 * hold experiences, and `csv` also values or patterns. @useDeclaredType
 */
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** The tables that `csv` can hold. */
export const CSV_CONTENTS = ['experiences', 'values', 'patterns'] as const

/** Options of an export. */
export interface ExportOptions {
  readonly format: ExportFormat
  /** Export only this agent. Required for `learning-model-state`; not allowed for `sqlite` and `agentic-qe`. */
  readonly agentId?: string
  /** Contents of a `csv` file. @default 'experiences' */
  readonly what?: (typeof CSV_CONTENTS)[number]
}

/** A file of an export. */
export interface ExportedFile {
  /** Relative path, separated by `/`. */
  readonly path: string
  readonly bytes: Uint8Array
  /** What the format has no place for, in whole sentences. Default: nothing was left out. */
  readonly notes?: readonly string[]
}

/** A long operation, which runs in slices, reports progress and can be stopped. */
export type Job =
  | { readonly kind: 'import'; readonly source: Uint8Array; readonly options: ImportOptions }
  | { readonly kind: 'export'; readonly options: ExportOptions }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'prune'; readonly options: PruneOptions }
  | { readonly kind: 'compact' }

/** Size of the database before and after, in bytes. */
export interface CompactResult {
  readonly before: number
  readonly after: number
}

export interface JobResults {
  readonly import: ImportResult
  readonly export: readonly ExportedFile[]
  readonly snapshot: Uint8Array
  readonly prune: PruneResult
  readonly compact: CompactResult
}
