import { COLLECTIONS, type Collection } from '../collections.ts'
import { StoreError, type StoreErrorCode } from '../errors.ts'
import type { Call } from '../protocol/calls.ts'
import type { Channel, ClientPlatform, OperationContext, OperationPayload } from '../protocol/channel.ts'
import type { Job } from '../transfer/job.ts'
import { guarded } from './subscription.ts'

/** An operation that has ended, as `onOperation` receives it. */
export interface OperationEvent extends OperationContext {
  /**
   * From the call to its result, in ms: it includes waiting for earlier calls, for a worker and for the required
   * durability. Cloudflare Workers stop the clock between input and output.
   */
  readonly durationMs: number
  /** The code of the error that it rejected with, or `INTERNAL` if that is no StoreError; undefined if it succeeded. */
  readonly errorCode: StoreErrorCode | 'INTERNAL' | undefined
}

/** How the operations of a store are observed. */
export interface ObservationOptions {
  /**
   * Called after each operation of this store, also of one that failed, before its caller has the result. Errors that
   * it throws are reported (in Node as a process warning) and do not affect the operation.
   */
  readonly onOperation?: ((operation: OperationEvent) => void) | undefined
  /**
   * Also pass the arguments and the result of each operation, in `payload`.
   * @default false
   */
  readonly operationPayload?: boolean | undefined
}

/** The names under which callers know the jobs. */
const JOB_NAMES: { readonly [K in Job['kind']]: string } = {
  import: 'importFile',
  export: 'exportFile',
  snapshot: 'snapshot',
  prune: 'prune',
  compact: 'compact',
}

/** Reports the operations of one store to its hook, and to the tracer of the platform. */
export class OperationObserver {
  readonly #platform: ClientPlatform
  readonly #storage: string
  readonly #notify: ((operation: OperationEvent) => void) | undefined
  readonly #hasPayload: boolean

  constructor(platform: ClientPlatform, storage: string, { onOperation, operationPayload }: ObservationOptions) {
    this.#platform = platform
    this.#storage = storage
    this.#notify = onOperation && guarded(onOperation, platform)
    this.#hasPayload = operationPayload === true
  }

  /** Whether anyone observes now: tracers may come and go. */
  get isActive(): boolean {
    return this.#notify !== undefined || this.#platform.tracer?.isActive === true
  }

  /** Runs an operation, and reports it when it has ended. */
  run<T>(
    name: string,
    collection: Collection | undefined,
    work: () => Promise<T>,
    details?: Omit<OperationPayload, 'result'>,
  ): Promise<T> {
    const { tracer, elapsed } = this.#platform
    const payload = details && this.#hasPayload ? { ...details, result: undefined } : undefined
    const operation = { name, collection, storage: this.#storage, ...(payload && { payload }) }
    // Tracers write into what they receive.
    const traced = { ...operation }
    const started = elapsed()
    const observed = payload === undefined ? work : () => work().then((result) => noted(payload, result))
    const ending = tracer?.isActive ? tracer.trace(traced, observed) : observed()
    const notify = this.#notify
    if (notify) {
      const end = (errorCode: OperationEvent['errorCode']): void =>
        notify({ ...operation, durationMs: elapsed() - started, errorCode })
      // In the asynchronous context of the caller, whose active span the hook sees.
      ending.then(
        () => end(undefined),
        (error: unknown) => end(error instanceof StoreError ? error.code : 'INTERNAL'),
      )
    }
    return ending
  }
}

function noted<T>(payload: { result: unknown }, result: T): T {
  payload.result = result
  return result
}

/** A channel that reports every operation. Commits that it watches are no operations. */
export function observedChannel(channel: Channel, observer: OperationObserver): Channel {
  const whole = <T>(name: string, work: () => Promise<T>): Promise<T> =>
    observer.isActive ? observer.run(name, undefined, work, { args: [] }) : work()
  return {
    send: (call) => {
      if (!observer.isActive) return channel.send(call)
      const { on, method, args, agentId, caller } = call
      const details = { args, ...(agentId !== undefined && { agentId }), ...(caller && { caller }) }
      const name = on === 'store' ? method : `${on}.${method}`
      return observer.run(name, collectionOf(call), () => channel.send(call), details)
    },
    status: () => whole('status', () => channel.status()),
    work: (job, tick) => {
      if (!observer.isActive) return channel.work(job, tick)
      return observer.run(JOB_NAMES[job.kind], undefined, () => channel.work(job, tick), { args: [job] })
    },
    refresh: () => whole('refresh', () => channel.refresh()),
    flush: () => whole('flush', () => channel.flush()),
    close: () => whole('close', () => channel.close()),
    watch: (watcher) => channel.watch(watcher),
  }
}

/** The collection that a method belongs to; undefined for a method of the whole store. */
function collectionOf({ on, method }: Call): Collection | undefined {
  if (on === 'store') return method === 'agent' || method === 'resetAgent' ? 'agents' : undefined
  const path = on === 'agent' ? 'agents' : on.replace(/^agent\./, '')
  return COLLECTIONS.find((collection) => path === collection || path.startsWith(`${collection}.`))
}
