import { decodeFrames } from '../../src/persistence/log/frame.ts'
import type { StorageAdapter } from '../../src/persistence/storage.ts'

/** What a storage cannot do, each with the reason that its skipped test shows. */
export interface Limitations {
  readonly sleepBeforeWriting?: string
}

/** A medium, the storages on it, and what can happen to it behind their backs. */
export interface Harness {
  /** How many changes an append and a snapshot are at least; 5 unless told. */
  readonly leastChanges?: number
  /** A new storage on the same medium. `beforeChange` is called before each change that it makes; the change waits for it and throws what it throws. */
  storage(beforeChange?: (change: string) => void | Promise<void>): StorageAdapter
  /**
   * The writer of this storage stops without closing. To all others it is dead; the object can still be used, as a sleeper
   * that wakes up would be.
   */
  die(storage: StorageAdapter): Promise<void>
  /** The newest segment of the log, all of its bytes. */
  readLog(): Promise<Uint8Array>
  writeLog(bytes: Uint8Array): Promise<void>
  readSnapshot(which: 'newest' | 'older'): Promise<Uint8Array>
  /** Undefined removes it. */
  writeSnapshot(which: 'newest' | 'older', bytes: Uint8Array | undefined): Promise<void>
  /** Removes everything but what is kept apart. */
  wipe(): Promise<void>
  /** Everything that is kept, by name, without the leases. */
  content(): Promise<ReadonlyMap<string, string>>
  dispose(): Promise<void>
}

export type MakeHarness = () => Promise<Harness>

/** Cuts the last bytes off the log, as a power cut in the middle of a write does. */
export async function tearTail(harness: Harness): Promise<void> {
  const bytes = await harness.readLog()
  await harness.writeLog(bytes.subarray(0, bytes.length - 3))
}

/** @param fromEnd -1 is the last record. */
export async function flipRecord(harness: Harness, fromEnd: number): Promise<void> {
  const bytes = await harness.readLog()
  const { start, end } = rangeOf(bytes, fromEnd)
  await harness.writeLog(flipped(bytes, Math.floor((start + end) / 2)))
}

export async function dropRecord(harness: Harness, fromEnd: number): Promise<void> {
  const bytes = await harness.readLog()
  const { start, end } = rangeOf(bytes, fromEnd)
  await harness.writeLog(Uint8Array.from([...bytes.subarray(0, start), ...bytes.subarray(end)]))
}

export async function flipSnapshot(harness: Harness, which: 'newest' | 'older'): Promise<void> {
  const bytes = await harness.readSnapshot(which)
  await harness.writeSnapshot(which, flipped(bytes, bytes.length - 3))
}

export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, i) => (i === at ? byte ^ 0x10 : byte))
}

/** A function that throws at its n-th call after it was armed. */
export class Trap {
  #left = Number.POSITIVE_INFINITY

  arm(n: number): void {
    this.#left = n
  }

  readonly step = (): void => {
    this.#left--
    if (this.#left === 0) throw new Error('The disk fails')
  }
}

/** A promise that is resolved from outside. */
export class Gate {
  #open: () => void = () => {}
  readonly opened: Promise<void> = new Promise((resolve) => {
    this.#open = resolve
  })

  open(): void {
    this.#open()
  }
}

/** Where a frame lies in whole bytes of the log; a frame begins where the one before it ends. */
function rangeOf(bytes: Uint8Array, fromEnd: number): { start: number; end: number } {
  const { frames, state } = decodeFrames(bytes)
  const frame = frames.at(fromEnd)
  if (state !== 'whole' || !frame) throw new Error(`Expected a whole log with record ${fromEnd}`)
  const end = frame.payload.byteOffset - bytes.byteOffset + frame.payload.length
  const previous = frames.at(fromEnd - 1)
  const hasPrevious = previous && previous !== frame && frames.indexOf(previous) < frames.indexOf(frame)
  return { start: hasPrevious ? previous.payload.byteOffset - bytes.byteOffset + previous.payload.length : 0, end }
}
