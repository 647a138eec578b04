import type { ImportBatch } from '../learning/maintenance/import-batch.ts'
import type { Progress } from '../learning/progress.ts'

/** How far a source has been read. */
export type ReadProgress = Progress

/**
 * Reads a source slice by slice (about a thousand rows each), so that whoever drives it can show progress, give others a turn
 * and stop. It changes nothing. Ends with what was read; throws NOT_A_STORE where the source is not what the reader reads.
 */
export type Reading = Generator<ReadProgress, ImportBatch>
