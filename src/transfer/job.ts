import type { ImportCount, SkippedRecord } from '../learning/maintenance/import-batch.ts'
import type { MergeResult } from '../learning/maintenance/merge.ts'
import type { PruneOptions, PruneResult } from '../learning/maintenance/pruning.ts'

/** What `importFile` reads. A store of this package is merged. */
export type ImportFormat =
  | 'learning-store'
  | 'agentic-qe'
  | 'learning-model-state'
  | 'ruvector-qtable'
  | 'ruvector-trajectories'
  | 'json-lines'
  | 'csv'

/** What is imported, and as what. */
export interface ImportOptions {
  /** What the source is; told by its content, and by the ending of its name, unless given. */
  readonly format?: ImportFormat
  readonly name?: string
  /** Whose experiences they are, where the source does not say. */
  readonly agentId?: string
  readonly taskType?: string
  /** Only work out what would come of it. */
  readonly dryRun?: boolean
  /** Merge also where experiences were removed: their values are derived from those that are left. */
  readonly forgetRemoved?: boolean
}

/** What an import brought in, or would. */
export interface ImportResult {
  readonly format: ImportFormat
  readonly dryRun: boolean
  readonly changes: readonly ImportCount[]
  readonly skipped: readonly SkippedRecord[]
  /** What a person should know of it, in whole sentences. */
  readonly notes: readonly string[]
  /** Where a store of this package was merged. */
  readonly merged: MergeResult | undefined
}

/** `sqlite`: the whole store. `agentic-qe`: its folder of three files. The others are of experiences, `csv` also of values and patterns. */
export type ExportFormat = 'sqlite' | 'agentic-qe' | 'learning-model-state' | 'json-lines' | 'csv'

/** What is exported, and in which format. */
export interface ExportOptions {
  readonly format: ExportFormat
  /** Of this agent alone. `learning-model-state` needs one. */
  readonly agentId?: string
  /** What is written as `csv`; experiences unless given. */
  readonly what?: 'experiences' | 'values' | 'patterns'
}

/** A file that an export consists of. */
export interface ExportedFile {
  /** Relative, with `/`. */
  readonly path: string
  readonly bytes: Uint8Array
}

/** Something long that a host does: in slices, told of, and stopped when asked to. */
export type Job =
  | { readonly kind: 'import'; readonly source: Uint8Array; readonly options: ImportOptions }
  | { readonly kind: 'export'; readonly options: ExportOptions }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'prune'; readonly options: PruneOptions }
  | { readonly kind: 'compact' }

/** How large the database was and is, in bytes. */
export interface CompactResult {
  readonly before: number
  readonly after: number
}

export interface JobAnswers {
  readonly import: ImportResult
  readonly export: readonly ExportedFile[]
  readonly snapshot: Uint8Array
  readonly prune: PruneResult
  readonly compact: CompactResult
}
