import { closedError } from '../errors.ts'
import type { Progress } from '../learning/progress.ts'
import { type Exported, exportSteps } from './export.ts'
import { importSteps } from './import.ts'
import type { Job, JobAnswers } from './job.ts'

/** A store that long work is done in. */
export interface JobTarget extends Exported {
  readonly isClosed: () => boolean
  /** Writes a snapshot to the storage, where it keeps any. */
  readonly keep: () => Promise<void>
  /** Makes the database as small as it can be. */
  readonly vacuum: () => void
}

/** Told after each slice; rejects where the work is to stop. */
export type Tick = (progress: Progress) => Promise<void>

/**
 * Does long work in slices, each told to whoever asked for it, who may stop it there; others have their turn meanwhile. Rejects with
 * what `tick` rejects with, and with CLOSED. An import that is stopped has changed nothing: its transaction comes last.
 */
export async function work(at: JobTarget, job: Job, tick: Tick): Promise<JobAnswers[Job['kind']]> {
  if (at.isClosed()) throw closedError()
  switch (job.kind) {
    case 'import':
      return driven(at, importSteps(at.store, at.engine, job.source, job.options), tick)
    case 'export':
      return driven(at, exportSteps(at, job.options), tick)
    case 'snapshot':
      return at.snapshot()
    case 'prune':
      return driven(at, at.store.prune(job.options), tick)
    case 'compact': {
      const before = at.store.status().databaseBytes
      at.store.settle()
      at.vacuum()
      await at.keep()
      return { before, after: at.store.status().databaseBytes }
    }
  }
}

async function driven<T>(at: JobTarget, steps: Generator<Progress, T>, tick: Tick): Promise<T> {
  try {
    for (;;) {
      if (at.isClosed()) throw closedError()
      const step = steps.next()
      if (step.done) return step.value
      await tick(step.value)
    }
  } finally {
    steps.return(undefined as T)
  }
}
