import type { PruneOptions, PruneResult } from '../learning/maintenance/pruning.ts'
import type { Progress } from '../learning/progress.ts'
import type { CompactResult, ExportedFile, ExportOptions, ImportOptions, ImportResult } from '../transfer/job.ts'

/** How long work is followed and stopped. */
export interface JobOptions {
  /** Called after each slice. What it throws stops the work, and is thrown on. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Stops the work at the next slice; it then rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined
}

/** What a store does in slices, so that others have their turn meanwhile. */
export interface Jobs {
  /**
   * Takes in what a file holds and is not here, in one transaction that comes last: stopped before, it has changed nothing. A store of
   * this package is merged. Rejects with NOT_A_STORE for a file of nothing that is known, SCHEMA_TOO_NEW, INVALID_ARGUMENT.
   */
  importFile(source: Uint8Array | ArrayBuffer | Blob, options?: ImportOptions & JobOptions): Promise<ImportResult>
  /** Writes what the store holds as files of a format. Rejects with INVALID_ARGUMENT. */
  exportFile(options: ExportOptions & JobOptions): Promise<readonly ExportedFile[]>
  /** The whole store as the bytes of a SQLite file. */
  snapshot(): Promise<Uint8Array>
  /**
   * Removes what need not be kept, in short transactions; values, visits, patterns and counts stay. Answers how many rows it removed.
   * Stopped, it has removed those before. Rejects with INVALID_ARGUMENT.
   */
  prune(options: PruneOptions & JobOptions): Promise<PruneResult>
  /** Gives back the room of what was removed: rewrites the database, and the snapshot of a storage that keeps one. */
  compact(): Promise<CompactResult>
}
