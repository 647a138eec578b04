import { chunksOf, concat } from '../log/frame.ts'
import { decodeManifest, encodeManifest, type Manifest, sha256 } from '../log/recovery.ts'

/** A key-value store in which a write may become visible late, and two writes in any order. */
export interface KeyedBytes {
  get(key: string): Promise<Uint8Array | undefined>
  /** Stores bytes. Neither these bytes nor those that `get` returns are changed afterwards. */
  put(key: string, bytes: Uint8Array): Promise<void>
  remove(key: string): Promise<void>
  /** The visible keys with this prefix. */
  keys(prefix: string): Promise<readonly string[]>
}

/** The manifest of a snapshot in chunks. `parts`, the number of chunks, keeps its stored name. */
export interface ChunkedManifest extends Manifest {
  readonly parts: number
}

/** The content of a manifest slot. */
export type Slot = ChunkedManifest | 'torn' | undefined

const SLOTS = [0, 1] as const

/**
 * Snapshots in a key-value store. The chunks of each snapshot have new keys, named by generation and hash, so that
 * those of two writers never mix. The manifests of the newest snapshot and of the one before it occupy two slots, so
 * that one that is torn leaves the other.
 */
export class SnapshotChunks {
  readonly #bytes: KeyedBytes
  readonly #prefix: string
  readonly #maxChunkBytes: number

  /** @param prefix the prefix of all keys */
  constructor(bytes: KeyedBytes, prefix: string, maxChunkBytes: number) {
    this.#bytes = bytes
    this.#prefix = prefix
    this.#maxChunkBytes = maxChunkBytes
  }

  async manifests(): Promise<Slot[]> {
    const values = await Promise.all(SLOTS.map((slot) => this.#bytes.get(this.#manifestKey(slot))))
    return values.map((value) => value && ((decodeManifest(value) as ChunkedManifest | undefined) ?? 'torn'))
  }

  /** Reads the bytes of a snapshot; `missing` if some are not visible, `damaged` if their hash is wrong. */
  async read(manifest: ChunkedManifest): Promise<Uint8Array | 'missing' | 'damaged'> {
    const chunks = await Promise.all(this.keysOf(manifest).map((key) => this.#bytes.get(key)))
    const found = chunks.flatMap((chunk) => chunk ?? [])
    if (found.length < chunks.length) return 'missing'
    const bytes = concat(found)
    return (await sha256(bytes)) === manifest.sha256 ? bytes : 'damaged'
  }

  chunked(manifest: Manifest, bytes: Uint8Array): ChunkedManifest {
    return { ...manifest, parts: Math.max(1, Math.ceil(bytes.length / this.#maxChunkBytes)) }
  }

  async writeChunks(manifest: ChunkedManifest, bytes: Uint8Array): Promise<void> {
    const keys = this.keysOf(manifest)
    for (const [i, chunk] of chunksOf(bytes, this.#maxChunkBytes)) await this.#bytes.put(keys[i] ?? '', chunk)
  }

  async writeManifest(slot: number, manifest: ChunkedManifest): Promise<void> {
    await this.#bytes.put(this.#manifestKey(slot), encodeManifest(manifest))
  }

  /** The keys of the chunks of a snapshot. */
  keysOf({ generation, sha256, parts }: ChunkedManifest): string[] {
    return Array.from({ length: parts }, (_, i) => `${this.#chunkPrefix}${generation}-${sha256.slice(0, 16)}-${i}`)
  }

  /** The keys of chunks before a generation, except for needed ones. */
  async keysBefore(generation: number, needed: readonly string[]): Promise<string[]> {
    const found = await this.#bytes.keys(this.#chunkPrefix)
    return found.filter((key) => this.#generationOf(key) < generation && !needed.includes(key))
  }

  /** The generation of the newest chunks, 0 if there are none. */
  async newestChunks(): Promise<number> {
    const found = await this.#bytes.keys(this.#chunkPrefix)
    return found.reduce((newest, key) => Math.max(newest, this.#generationOf(key)), 0)
  }

  /** Removes keys, and returns those whose removal failed. */
  async remove(keys: readonly string[]): Promise<string[]> {
    const removals = await Promise.allSettled(keys.map((key) => this.#bytes.remove(key)))
    return keys.filter((_, i) => removals[i]?.status === 'rejected')
  }

  get #chunkPrefix(): string {
    return `${this.#prefix}part-`
  }

  #generationOf(key: string): number {
    return Number.parseInt(key.slice(this.#chunkPrefix.length), 10)
  }

  #manifestKey(slot: number): string {
    return `${this.#prefix}head-${slot}`
  }
}
