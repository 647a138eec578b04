import { checkCallbacks, checkOptions, invalid } from '../checks.ts'
import { StoreError } from '../errors.ts'
import type { PruneOptions, PruneResult } from '../learning/maintenance/pruning.ts'
import type { Progress } from '../learning/progress.ts'
import type { Channel, ClientPlatform } from '../protocol/channel.ts'
import type {
  CompactResult,
  ExportedFile,
  ExportOptions,
  ImportOptions,
  ImportResult,
  Job,
  JobResults,
} from '../transfer/job.ts'

/** How a long-running operation is followed and stopped. */
export interface JobOptions {
  /** Called after each slice. If it throws, the operation stops and rejects with that error. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Stops the operation at the next slice. It then rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined
}

/** Long-running operations, which run in slices so that others have their turn between them. */
export interface Jobs {
  /**
   * Imports a file, in one transaction at its end: if it is stopped before, nothing has changed. The format is detected
   * from the content. Existing records are kept, so imports are idempotent; a store of this package is merged.
   *
   * In Node, Deno and Bun the source can be a path, which is then the default of `name`. The write-ahead log of a SQLite
   * file, `PATH-wal`, is read with it, as of one moment although another program may write both; nothing is written
   * beside them. Bytes need that log in the option `wal`.
   *
   * @throws NOT_A_STORE for an unknown format
   * @throws LOCKED, STORAGE_ERROR if the file at a path cannot be read
   * @throws SCHEMA_TOO_NEW, INVALID_ARGUMENT
   * @example
   * ```ts
   * import { openLearningStore } from 'learning-store'
   *
   * const store = await openLearningStore({ storage: 'memory:' })
   * const csv = 'agent_id,state,action,reward,terminated\nrouter,1,2,0.5,true\n'
   * const { changes, skipped } = await store.importFile(new Blob([csv]))
   * console.log(changes, skipped)
   * await store.close()
   * ```
   */
  importFile(
    source: string | Uint8Array | ArrayBuffer | Blob,
    options?: ImportOptions & JobOptions,
  ): Promise<ImportResult>
  /**
   * Exports the store, or some agents of it, as files of a format.
   *
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * import { openLearningStore } from 'learning-store'
   *
   * const store = await openLearningStore({ storage: 'memory:' })
   * const agent = await store.agent('router')
   * await agent.learn({ state: { pages: 12 }, action: 'large-model', reward: 1, terminated: true })
   * for (const { path, bytes } of await store.exportFile({ format: 'json-lines' })) console.log(path, bytes.length)
   * await store.close()
   * ```
   */
  exportFile(options: ExportOptions & JobOptions): Promise<readonly ExportedFile[]>
  /** Returns the whole store as the bytes of a SQLite file. */
  snapshot(): Promise<Uint8Array>
  /**
   * Deletes rows by policy, in short transactions. Values, visits, patterns and counts stay. If it is stopped, the rows
   * deleted so far stay deleted.
   *
   * @returns the number of deleted rows
   * @throws INVALID_ARGUMENT
   */
  prune(options: PruneOptions & JobOptions): Promise<PruneResult>
  /** Reclaims the space of deleted rows: rewrites the database, and the snapshot in the storage if it holds one. */
  compact(): Promise<CompactResult>
}

export function jobs(channel: Channel, platform: ClientPlatform): Jobs {
  async function run<K extends Job['kind']>(job: Job & { kind: K }, options: JobOptions = {}): Promise<JobResults[K]> {
    const { onProgress, signal } = options
    checkCallbacks({ onProgress })
    if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalid('signal', 'an AbortSignal', signal)
    signal?.throwIfAborted()
    let thrown: { readonly error: unknown } | undefined
    try {
      const result = await channel.work(job, async (progress) => {
        try {
          onProgress?.(progress)
        } catch (error) {
          thrown = { error }
        }
        // Lets the caller abort the signal, and the page be drawn.
        await new Promise<void>((resolve) => platform.later(0, resolve))
        return thrown === undefined && !signal?.aborted
      })
      return result as JobResults[K]
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
      const { bytes, ...read } = await contentOf(source, platform)
      return run({ kind: 'import', source: bytes, options: { ...read, ...rest } }, { onProgress, signal })
    },
    exportFile: async (options) => {
      const { onProgress, signal, ...rest } = asObject(options)
      return run({ kind: 'export', options: rest }, { onProgress, signal })
    },
    snapshot: () => run({ kind: 'snapshot' }),
    prune: async (options) => {
      const { onProgress, signal, ...rest } = asObject(options)
      return run({ kind: 'prune', options: rest }, { onProgress, signal })
    },
    compact: () => run({ kind: 'compact' }),
  }
}

/** Unknown names are left to the store, which knows the options of each format. */
function asObject<T extends object>(options: T): T {
  return checkOptions(options, 'the options', Object.keys(options ?? {}) as (keyof T & string)[])
}

interface Content extends Pick<ImportOptions, 'name' | 'wal'> {
  readonly bytes: Uint8Array
}

async function contentOf(source: unknown, { readSource }: ClientPlatform): Promise<Content> {
  if (source instanceof Uint8Array) return { bytes: source }
  if (source instanceof ArrayBuffer) return { bytes: new Uint8Array(source) }
  if (source instanceof Blob) return { bytes: new Uint8Array(await source.arrayBuffer()) }
  if (typeof source === 'string' && readSource) return { name: source, ...(await readSource(source)) }
  const expected = 'bytes or a Blob; a path is read in Node only, elsewhere give the bytes and the option `wal`'
  throw invalid('the source', expected, source)
}
