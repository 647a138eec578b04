import { StoreError, type StoreErrorCode, textOf } from '../errors.ts'
import type { Progress } from '../learning/progress.ts'
import type { OpenStoreOptions } from '../open.ts'
import type { StoreMarker } from '../persistence/log/recovery.ts'
import type { Durability } from '../persistence/storage.ts'
import type { Job } from '../transfer/job.ts'
import type { Call } from './calls.ts'
import type { Change } from './channel.ts'

/** An error as it travels: structured clones of errors lose their code. */
export interface WireError {
  /** Undefined for an error that is no StoreError: a bug. */
  readonly code: StoreErrorCode | undefined
  readonly message: string
  /** The message of its cause. */
  readonly cause: string | undefined
}

export type Reply<T = unknown> = { readonly result: T } | { readonly error: WireError }

/** The options of a host that opens a store. */
export interface HostOptions extends Pick<OpenStoreOptions, 'lockTimeoutMs' | 'persistence' | 'readOnly'> {
  readonly storage: string
  /** The durability of this client; other clients of the same store may choose another. */
  readonly durability: Durability
  readonly seed?: number | undefined
  readonly wasmUrl?: string | undefined
  /** SQLite for a worker thread: a compiled module, its bytes or the URL of its file. */
  readonly wasm?: object | string | undefined
  /** The marker of the store that should be there. */
  readonly expectedStore?: StoreMarker | undefined
  /** Whether this client had the store open at a host that was lost: then it accepts the options of the new host. */
  readonly isReconnect?: boolean
}

/** What a client says about itself when it connects. */
export interface Hello {
  /** A Web Lock that is held for as long as the client lives; undefined where there are no Web Locks. */
  readonly clientLock: string | undefined
}

/** A client's connection to a host, as Comlink exposes it. */
export interface HostSession {
  /**
   * Connects a client. @param events the port on which it receives events
   * @returns a Web Lock that is held for as long as the host lives; undefined where there are no Web Locks
   */
  hello(hello: Hello, events: MessagePort): Promise<string | undefined>
  /** Opens the store, or joins its other clients. Resolves with the sequence of the store. */
  open(options: HostOptions): Promise<Reply<number>>
  run(calls: readonly Call[]): Promise<readonly Reply[]>
  /**
   * Runs a long operation. After each slice it sends its progress and waits for `continueWork`. @param id chosen by the
   * client, unique within the session
   */
  work(id: number, job: Job): Promise<Reply>
  continueWork(id: number, isWanted: boolean): Promise<void>
  /** Asks the current holder of the storage, for which an opening waits, to release it. */
  takeOver(): Promise<void>
  /** Turns events about commits on or off. */
  watch(isWatching: boolean): Promise<void>
  close(): Promise<Reply<void>>
}

/** An event that a host sends. */
export type HostEvent =
  | { readonly changes: readonly Change[] }
  /** Progress of a long operation, which waits for `continueWork`. */
  | { readonly work: number; readonly progress: Progress }
  /** Another writer holds the storage; the opening waits for it. */
  | { readonly blocked: true }
  /** The marker of the store, to be stored apart from the storage. */
  | { readonly storeMarker: StoreMarker }

export function toWire(error: unknown): WireError {
  const code = error instanceof StoreError ? error.code : undefined
  const cause = error instanceof Error ? error.cause : undefined
  return {
    code,
    message: textOf(error),
    cause: cause instanceof Error ? textOf({ toString: () => String(cause) }) : undefined,
  }
}

export function fromWire({ code, message, cause }: WireError): Error {
  const options = cause === undefined ? {} : { cause: new Error(cause) }
  return code ? new StoreError(code, message, options) : new Error(message, options)
}

export async function toReply<T>(work: () => T | Promise<T>): Promise<Reply<T>> {
  try {
    return { result: await work() }
  } catch (error) {
    return { error: toWire(error) }
  }
}

/** @throws what the other side threw */
export function answerOf<T>(reply: Reply<T>): T {
  if ('error' in reply) throw fromWire(reply.error)
  return reply.result
}
