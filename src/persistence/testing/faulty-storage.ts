import type {
  Durability,
  OpenOptions,
  Persists,
  ReadOptions,
  ReadState,
  Snapshot,
  StorageAdapter,
  StoredState,
} from '../storage.ts'
import { Timer } from '../timer.ts'

/** A fault of one call, all of which the contract of `StorageAdapter` allows. */
export type Fault =
  /** The call is passed on. */
  | 'none'
  /** It is passed on some milliseconds later, so that later calls overtake it. */
  | 'delayed'
  /** It fails before anything is stored. */
  | 'failed'
  /** Only its first records are stored, and it fails. */
  | 'torn'
  /** Everything is stored, and it fails. */
  | 'late'
  /** It is passed on twice, one after the other. */
  | 'repeated'
  /** It is passed on twice at the same time. */
  | 'doubled'
  /** It fails with a value that cannot become text. */
  | 'odd'

/** Which faults a faulty storage has, and how often. */
export interface FaultOptions {
  /** The share of calls with a fault, 0 to 1. @default 0.5 */
  readonly rate?: number
  /** The number of calls after which no call settles any more. Default: never. */
  readonly hangsAfter?: number
  /** The number of calls after which all calls fail. Default: never. */
  readonly failsAfter?: number
  /** Called with each call and its fault. */
  readonly onFault?: (call: 'append' | 'replace', fault: Fault) => void
}

const FAULTS: readonly Fault[] = ['delayed', 'failed', 'torn', 'late', 'repeated', 'doubled', 'odd']
const LONGEST_DELAY_MS = 8

/**
 * A storage with faults in `append` and `replace`, as networks, full disks and wrappers have them. The same seed gives
 * the same faults. A storage that holds to the contract of `StorageAdapter` loses no acknowledged write behind it.
 */
export function faultyStorage(storage: StorageAdapter, seed: number, options: FaultOptions = {}): StorageAdapter {
  const faulty = new FaultyStorage(storage, seed, options)
  if (storage.read) faulty.read = (given) => storage.read?.(given) ?? Promise.reject(new Error('No reader'))
  return faulty
}

class FaultyStorage implements StorageAdapter {
  readonly name: string
  readonly persists: Persists
  read?: (options: ReadOptions) => Promise<ReadState>
  readonly #storage: StorageAdapter
  readonly #options: FaultOptions
  #state: number
  #calls = 0

  constructor(storage: StorageAdapter, seed: number, options: FaultOptions) {
    this.name = storage.name
    this.persists = storage.persists
    this.#storage = storage
    this.#options = options
    this.#state = seed >>> 0
  }

  open(options: OpenOptions): Promise<StoredState> {
    return this.#storage.open(options)
  }

  append(records: readonly Uint8Array[], durability: Durability): Promise<void> {
    const part = records.slice(0, Math.floor(records.length * this.#random()))
    const torn = (): Promise<void> => this.#storage.append(part, durability)
    return this.#call('append', () => this.#storage.append(records, durability), torn)
  }

  replace(snapshot: Snapshot): Promise<void> {
    return this.#call(
      'replace',
      () => this.#storage.replace(snapshot),
      async () => {},
    )
  }

  close(): Promise<void> {
    return this.#storage.close()
  }

  async #call(name: 'append' | 'replace', pass: () => Promise<void>, torn: () => Promise<void>): Promise<void> {
    const { rate = 0.5, hangsAfter = Infinity, failsAfter = Infinity, onFault } = this.#options
    this.#calls++
    if (this.#calls > hangsAfter) return new Promise(() => {})
    if (this.#calls > failsAfter) throw new Error('The storage failed for good')
    const hasFault = this.#random() < rate
    const fault = hasFault ? (FAULTS[Math.floor(this.#random() * FAULTS.length)] ?? 'none') : 'none'
    const delayMs = this.#random() * LONGEST_DELAY_MS
    onFault?.(name, fault)
    if (fault === 'failed') throw new Error('The storage failed')
    if (fault === 'odd') throw Object.create(null)
    if (fault === 'delayed') await new Timer().pause(delayMs)
    if (fault === 'torn') await torn()
    else if (fault === 'doubled') await Promise.all([pass(), pass()])
    else await pass()
    if (fault === 'repeated') await pass()
    if (fault === 'torn' || fault === 'late') throw new Error('The storage failed after it had stored something')
  }

  /** Mulberry32. */
  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
