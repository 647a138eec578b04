import { StoreError, type StoreErrorCode } from '../errors.ts'
import type { Progress } from '../learning/progress.ts'
import type { OpenStoreOptions } from '../open.ts'
import type { StoreMarker } from '../persistence/log/recovery.ts'
import type { Durability } from '../persistence/storage.ts'
import type { Job } from '../transfer/job.ts'
import type { Call } from './calls.ts'
import type { Change } from './channel.ts'

/** An error as it travels: structured clones of errors lose their code. */
export interface WireError {
  /** Undefined for what is no StoreError: a fault of ours. */
  readonly code: StoreErrorCode | undefined
  readonly message: string
  /** The message of what caused it. */
  readonly cause: string | undefined
}

export type Reply<T = unknown> = { readonly answer: T } | { readonly error: WireError }

/** What a caller asks of a host that opens a store. */
export interface HostOptions extends Pick<OpenStoreOptions, 'lockTimeoutMs' | 'persistence'> {
  readonly storage: string
  /** Of this caller; others who use the same store may ask for another. */
  readonly durability: Durability
  readonly seed?: number | undefined
  readonly wasmUrl?: string | undefined
  /** What the caller remembers of the store that should be there. */
  readonly expectedStore?: StoreMarker | undefined
  /** Whether the caller had this store open at a host that was lost: then it takes what it finds. */
  readonly again?: boolean
}

/** What a client tells of itself, and the port where it hears of what nobody asked. */
export interface Hello {
  /** A Web Lock that is held as long as the caller lives, where there are Web Locks. */
  readonly callerLock: string | undefined
}

/** One caller's way into a host, as Comlink exposes it: every method answers a promise already. */
export interface HostSession {
  /** Answers a Web Lock that is held as long as the host lives, where there are Web Locks. */
  hello(hello: Hello, events: MessagePort): Promise<string | undefined>
  /** Opens the store, or joins those who use it; answers its sequence. */
  open(options: HostOptions): Promise<Reply<number>>
  run(calls: readonly Call[]): Promise<readonly Reply[]>
  /** Does long work. After each slice the caller is told, and must say whether to go on. @param id of the caller's choice, one for each. */
  work(id: number, job: Job): Promise<Reply>
  goOn(id: number, isWanted: boolean): Promise<void>
  /** Asks who holds the storage, and is waited for, to give it back. */
  takeOver(): Promise<void>
  /** Whether to be told of commits. */
  watch(isWatching: boolean): Promise<void>
  close(): Promise<Reply<void>>
}

/** What a host tells without being asked. */
export type HostEvent =
  | { readonly changes: readonly Change[] }
  /** How far long work is; it waits for `goOn`. */
  | { readonly work: number; readonly progress: Progress }
  /** Another writer holds the storage; the opening waits for it. */
  | { readonly blocked: true }
  /** What the caller should remember apart from the storage. */
  | { readonly remember: StoreMarker }

export function toWire(error: unknown): WireError {
  const code = error instanceof StoreError ? error.code : undefined
  const { message, cause } = error instanceof Error ? error : { message: String(error), cause: undefined }
  return { code, message, cause: cause instanceof Error ? String(cause) : undefined }
}

export function fromWire({ code, message, cause }: WireError): Error {
  const options = cause === undefined ? {} : { cause: new Error(cause) }
  return code ? new StoreError(code, message, options) : new Error(message, options)
}

export async function replied<T>(work: () => T | Promise<T>): Promise<Reply<T>> {
  try {
    return { answer: await work() }
  } catch (error) {
    return { error: toWire(error) }
  }
}

/** @throws what the other side threw. */
export function answerOf<T>(reply: Reply<T>): T {
  if ('error' in reply) throw fromWire(reply.error)
  return reply.answer
}
