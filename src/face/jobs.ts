import { checkOptions, invalid } from '../checks.ts'
import { StoreError } from '../errors.ts'
import type { Progress } from '../learning/progress.ts'
import type { Removed, RetainOptions } from '../learning/retention.ts'
import type {
  Compacted,
  ExportedFile,
  ExportOptions,
  ImportOptions,
  ImportReport,
  Job,
  JobAnswers,
} from '../transfer/job.ts'
import type { Channel, FacePlatform } from './channel.ts'

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
   * this package is merged. Rejects with FOREIGN_FILE for a file of nothing that is known, NEWER_SCHEMA, INVALID_ARGUMENT.
   */
  importFile(source: Uint8Array | ArrayBuffer | Blob, options?: ImportOptions & JobOptions): Promise<ImportReport>
  /** Writes what the store holds as files of a format. Rejects with INVALID_ARGUMENT. */
  exportFile(options: ExportOptions & JobOptions): Promise<readonly ExportedFile[]>
  /** The whole store as the bytes of a SQLite file. */
  snapshot(): Promise<Uint8Array>
  /**
   * Removes what need not be kept, in short transactions; values, visits, patterns and counts stay. Answers how many rows it removed.
   * Stopped, it has removed those before. Rejects with INVALID_ARGUMENT.
   */
  retain(options: RetainOptions & JobOptions): Promise<Removed>
  /** Gives back the room of what was removed: rewrites the database, and the snapshot of a place that keeps one. */
  compact(): Promise<Compacted>
}

export function jobs(channel: Channel, platform: FacePlatform): Jobs {
  async function run<K extends Job['kind']>(job: Job & { kind: K }, options: JobOptions): Promise<JobAnswers[K]> {
    const { onProgress, signal } = options
    if (onProgress !== undefined && typeof onProgress !== 'function')
      throw invalid('onProgress', 'a function', onProgress)
    if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalid('signal', 'an AbortSignal', signal)
    signal?.throwIfAborted()
    let thrown: { readonly error: unknown } | undefined
    try {
      const answer = await channel.work(job, async (progress) => {
        try {
          onProgress?.(progress)
        } catch (error) {
          thrown = { error }
        }
        // Lets a signal be given, and the page be drawn.
        await new Promise<void>((resolve) => platform.later(0, resolve))
        return thrown === undefined && !signal?.aborted
      })
      return answer as JobAnswers[K]
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'ABORTED') throw error
      if (thrown) throw thrown.error
      signal?.throwIfAborted()
      throw error
    }
  }

  return {
    importFile: async (source, options = {}) => {
      const { onProgress, signal, ...rest } = asObject(options)
      return run({ kind: 'import', source: await bytesOf(source), options: rest }, { onProgress, signal })
    },
    exportFile: async (options) => {
      const { onProgress, signal, ...rest } = asObject(options)
      return run({ kind: 'export', options: rest }, { onProgress, signal })
    },
    snapshot: () => run({ kind: 'snapshot' }, {}),
    retain: async (options) => {
      const { onProgress, signal, ...rest } = asObject(options)
      return run({ kind: 'retain', options: rest }, { onProgress, signal })
    },
    compact: () => run({ kind: 'compact' }, {}),
  }
}

function asObject<T extends object>(options: T): T {
  return checkOptions(options, 'the options', Object.keys(options ?? {}) as (keyof T & string)[])
}

async function bytesOf(source: Uint8Array | ArrayBuffer | Blob): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source
  if (source instanceof ArrayBuffer) return new Uint8Array(source)
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer())
  throw invalid('the source', 'a Uint8Array, an ArrayBuffer or a Blob', source)
}
