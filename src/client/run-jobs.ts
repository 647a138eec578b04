import { checkOptions, invalid } from '../checks.ts'
import { StoreError } from '../errors.ts'
import type { Channel, ClientPlatform } from '../protocol/channel.ts'
import type { Job, JobAnswers } from '../transfer/job.ts'
import type { JobOptions, Jobs } from './jobs.ts'

export function jobsOn(channel: Channel, platform: ClientPlatform): Jobs {
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
    prune: async (options) => {
      const { onProgress, signal, ...rest } = asObject(options)
      return run({ kind: 'prune', options: rest }, { onProgress, signal })
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
