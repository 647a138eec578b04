import { type FileHandle, open, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { concat, decodeFrames, encodeFrame } from '../log/frame.ts'
import type { Segment } from '../log/recovery.ts'
import type { Durability } from '../storage.ts'
import { ifExists, syncDirectory } from './durable-files.ts'
import type { FileLease } from './lease.ts'

type SegmentHeader = Omit<Segment, 'content'>

/** A log file that is being written: a frame with its header, then one frame per record. */
export class FileSegment {
  readonly #path: string
  readonly #lease: FileLease
  #file: FileHandle | undefined
  /** The position up to which the file is on the disk. */
  #synced = 0
  /** What was written after that position; the next write goes to its end. */
  #tail: Uint8Array[]
  #end = 0
  /** After a failed write or sync any part of the tail may have been written: the next append writes it again. */
  #tailIsDoubtful = true

  /** The first append creates the file. */
  constructor(directory: string, generation: number, after: number, lease: FileLease) {
    const header: SegmentHeader = { generation, epoch: lease.epoch, after }
    this.#path = join(directory, `${generation}-${lease.epoch}.log`)
    this.#lease = lease
    const payload = new TextEncoder().encode(JSON.stringify(header))
    this.#tail = [encodeFrame({ sequence: after, first: after, payload })]
  }

  /** @throws LEASE_LOST even though it has written: a segment of the successor ends this one earlier */
  async append(records: readonly Uint8Array[], durability: Durability): Promise<void> {
    this.#file ??= await open(this.#path, 'w')
    const from = this.#tailIsDoubtful ? this.#synced : this.#end
    const bytes = concat(this.#tailIsDoubtful ? [...this.#tail, ...records] : records)
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

  /** Syncs everything that was appended, and closes the file. */
  async finish(): Promise<void> {
    if (this.#file && this.#tail.length > 0) await this.append([], 'strict')
    await this.close()
  }

  async close(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
  }
}

/** Reads a segment; undefined if its first write is incomplete, so that no record of it was acknowledged. */
export async function readSegment(path: string): Promise<Segment | undefined> {
  const bytes = await ifExists(readFile(path))
  const content = bytes && decodeFrames(bytes)
  const [first, ...frames] = content?.frames ?? []
  if (content?.state === 'damaged' && !first) {
    const [generation = 0, epoch = 0] = basename(path, '.log').split('-').map(Number)
    return { generation, epoch, after: Number.POSITIVE_INFINITY, content }
  }
  if (!content || !first) return undefined
  const header = JSON.parse(new TextDecoder().decode(first.payload)) as SegmentHeader
  return { ...header, content: { ...content, frames } }
}

/** A write may stop early without an error. */
async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  }
}
