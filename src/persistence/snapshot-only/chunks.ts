import { chunksOf, concatenated } from '../log/frame.ts'
import { decodeManifest, encodeManifest, type Manifest, sha256 } from '../log/recovery.ts'

/** Values by keys, in which a value that was put may be seen late, and two that were put in any order. */
export interface KeyedBytes {
  get(key: string): Promise<Uint8Array | undefined>
  /** The bytes are never changed afterwards, nor are those that `get` answers. */
  put(key: string, bytes: Uint8Array): Promise<void>
  remove(key: string): Promise<void>
  /** The keys that begin so, as far as they are seen. */
  keys(prefix: string): Promise<readonly string[]>
}

/** The head of a snapshot that lies in parts. */
export interface ChunkedManifest extends Manifest {
  readonly parts: number
}

/** What a slot for a head holds. */
export type Slot = ChunkedManifest | 'torn' | undefined

const SLOTS = [0, 1] as const

/**
 * Snapshots under keys: the parts under new ones each time, named by generation and hash, so that those of two writers never
 * mix; the heads of the newest and of the one before in two slots, so that one that is torn leaves the other.
 */
export class SnapshotChunks {
  readonly #bytes: KeyedBytes
  readonly #prefix: string
  readonly #maxChunkBytes: number

  /** @param prefix what all keys begin with. */
  constructor(bytes: KeyedBytes, prefix: string, maxChunkBytes: number) {
    this.#bytes = bytes
    this.#prefix = prefix
    this.#maxChunkBytes = maxChunkBytes
  }

  async heads(): Promise<Slot[]> {
    const values = await Promise.all(SLOTS.map((slot) => this.#bytes.get(this.#manifestKey(slot))))
    return values.map((value) => value && ((decodeManifest(value) as ChunkedManifest | undefined) ?? 'torn'))
  }

  /** The bytes of a snapshot, `missing` where some are not seen, `damaged` where they are not those that were written. */
  async read(head: ChunkedManifest): Promise<Uint8Array | 'missing' | 'damaged'> {
    const parts = await Promise.all(this.keysOf(head).map((key) => this.#bytes.get(key)))
    const found = parts.flatMap((part) => part ?? [])
    if (found.length < parts.length) return 'missing'
    const bytes = concatenated(found)
    return (await sha256(bytes)) === head.sha256 ? bytes : 'damaged'
  }

  chunked(head: Manifest, bytes: Uint8Array): ChunkedManifest {
    return { ...head, parts: Math.max(1, Math.ceil(bytes.length / this.#maxChunkBytes)) }
  }

  async writeChunks(head: ChunkedManifest, bytes: Uint8Array): Promise<void> {
    const keys = this.keysOf(head)
    for (const [i, part] of chunksOf(bytes, this.#maxChunkBytes)) await this.#bytes.put(keys[i] ?? '', part)
  }

  async writeManifest(slot: number, head: ChunkedManifest): Promise<void> {
    await this.#bytes.put(this.#manifestKey(slot), encodeManifest(head))
  }

  /** The keys of the parts of a snapshot. */
  keysOf({ generation, sha256, parts }: ChunkedManifest): string[] {
    return Array.from({ length: parts }, (_, i) => `${this.#partPrefix}${generation}-${sha256.slice(0, 16)}-${i}`)
  }

  /** The keys of parts of snapshots before a generation, but for those that are needed. */
  async keysBefore(generation: number, needed: readonly string[]): Promise<string[]> {
    const found = await this.#bytes.keys(this.#partPrefix)
    return found.filter((key) => this.#generationOf(key) < generation && !needed.includes(key))
  }

  /** The generation of the newest parts, 0 where there are none. */
  async newestChunks(): Promise<number> {
    const found = await this.#bytes.keys(this.#partPrefix)
    return found.reduce((newest, key) => Math.max(newest, this.#generationOf(key)), 0)
  }

  /** Answers those that the storage refuses to remove. */
  async remove(keys: readonly string[]): Promise<string[]> {
    const removals = await Promise.allSettled(keys.map((key) => this.#bytes.remove(key)))
    return keys.filter((_, i) => removals[i]?.status === 'rejected')
  }

  get #partPrefix(): string {
    return `${this.#prefix}part-`
  }

  #generationOf(key: string): number {
    return Number.parseInt(key.slice(this.#partPrefix.length), 10)
  }

  #manifestKey(slot: number): string {
    return `${this.#prefix}head-${slot}`
  }
}
