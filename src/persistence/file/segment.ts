import { type FileHandle, open, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { concatenated, decodeFrames, encodeFrame } from '../log/frame.ts'
import type { Segment } from '../log/recovery.ts'
import type { Durability } from '../storage.ts'
import { ifThere, syncDirectory } from './durable-files.ts'
import type { FileLease } from './lease.ts'

type SegmentHead = Omit<Segment, 'content'>

/** One file of the log that is being written: a frame that says what it follows, then one frame a record. */
export class FileSegment {
  readonly #path: string
  readonly #lease: FileLease
  #file: FileHandle | undefined
  /** Up to here the file is on the disk. */
  #synced = 0
  /** What was written after that; its end is where the next write goes. */
  #tail: Uint8Array[]
  #end = 0
  /** After a failed write or sync the system may have kept any part of the tail: the next append writes it again. */
  #tailIsDoubtful = true

  /** The file is made by the first append. */
  constructor(directory: string, generation: number, after: number, lease: FileLease) {
    const head: SegmentHead = { generation, epoch: lease.epoch, after }
    this.#path = join(directory, `${generation}-${lease.epoch}.log`)
    this.#lease = lease
    const payload = new TextEncoder().encode(JSON.stringify(head))
    this.#tail = [encodeFrame({ sequence: after, first: after, payload })]
  }

  /** Rejects with LEASE_LOST, although it has written: a segment of the successor ends this one before. */
  async append(records: readonly Uint8Array[], durability: Durability): Promise<void> {
    this.#file ??= await open(this.#path, 'w')
    const from = this.#tailIsDoubtful ? this.#synced : this.#end
    const bytes = concatenated(this.#tailIsDoubtful ? [...this.#tail, ...records] : records)
    this.#tailIsDoubtful = true
    await writeAt(this.#file, bytes, from)
    if (durability === 'strict') {
      await this.#file.datasync()
      if (this.#synced === 0) await syncDirectory(dirname(this.#path))
    }
    await this.#lease.check()
    this.#tailIsDoubtful = false
    this.#end = from + bytes.length
    if (durability === 'strict') {
      this.#synced = this.#end
      this.#tail = []
    } else this.#tail.push(...records)
  }

  /** Brings all that was appended to the disk, and closes the file. */
  async finish(): Promise<void> {
    if (this.#file && this.#tail.length > 0) await this.append([], 'strict')
    await this.close()
  }

  async close(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
  }
}

/** Reads a segment back; undefined when not even the write that began it is there, and so no record was acknowledged. */
export async function readSegment(path: string): Promise<Segment | undefined> {
  const bytes = await ifThere(readFile(path))
  const content = bytes && decodeFrames(bytes)
  const [first, ...frames] = content?.frames ?? []
  if (content?.state === 'damaged' && !first) {
    const [generation = 0, epoch = 0] = basename(path, '.log').split('-').map(Number)
    return { generation, epoch, after: Number.POSITIVE_INFINITY, content }
  }
  if (!content || !first) return undefined
  const head = JSON.parse(new TextDecoder().decode(first.payload)) as SegmentHead
  return { ...head, content: { ...content, frames } }
}

/** A write may stop in the middle of the bytes without an error. */
async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  }
}
