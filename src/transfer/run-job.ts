import { closedError } from '../errors.ts'
import type { Progress } from '../learning/progress.ts'
import { type ExportSource, runExport } from './export.ts'
import { runImport } from './import.ts'
import type { Job, JobResults } from './job.ts'

/** A store that jobs run in. */
export interface JobTarget extends ExportSource {
  readonly isClosed: () => boolean
  /** Writes a snapshot to the storage, if it is persistent. */
  readonly writeSnapshot: () => Promise<void>
  /** Rebuilds the database at its smallest size. */
  readonly vacuum: () => void
}

/** Called after each slice. Rejects to stop the job. */
export type Tick = (progress: Progress) => Promise<void>

/**
 * Runs a job in slices, with a call of `tick` between them. An import that is stopped changes nothing: its transaction comes
 * last.
 * @throws CLOSED, and whatever `tick` rejects with.
 */
export async function runJob(target: JobTarget, job: Job, tick: Tick): Promise<JobResults[Job['kind']]> {
  if (target.isClosed()) throw closedError()
  switch (job.kind) {
    case 'import':
      return runSlices(target, runImport(target.store, target.engine, job.source, job.options, target.now()), tick)
    case 'export':
      return runSlices(target, runExport(target, job.options), tick)
    case 'snapshot':
      return target.snapshot()
    case 'prune':
      // Only what the stored linear models contain is pruned.
      target.store.models?.store()
      if (target.store.models) await target.writeSnapshot()
      return runSlices(target, target.store.prune(job.options), tick)
    case 'compact': {
      const before = target.store.status().databaseBytes
      target.store.settle()
      target.vacuum()
      await target.writeSnapshot()
      return { before, after: target.store.status().databaseBytes }
    }
  }
}

async function runSlices<T>(target: JobTarget, slices: Generator<Progress, T>, tick: Tick): Promise<T> {
  try {
    for (;;) {
      if (target.isClosed()) throw closedError()
      const slice = slices.next()
      if (slice.done) return slice.value
      await tick(slice.value)
    }
  } finally {
    slices.return(undefined as T)
  }
}
