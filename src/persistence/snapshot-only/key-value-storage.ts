import type { SnapshotOnlyStorageAdapter } from '../storage.ts'
import { checkKeyName, checkMethods, checkStorageOptions } from '../storage-options.ts'
import type { KeyedBytes } from './chunks.ts'
import { SnapshotStorage } from './snapshot-storage.ts'

/** The part of a Cloudflare Workers KV binding that `kvStorage` uses. */
export interface KeyValueBindingLike {
  /** Returns the value, or null if there is none or it is not visible here yet. */
  get(key: string, type: 'arrayBuffer'): Promise<ArrayBuffer | null>
  /** Stores a value; others may see it later. */
  put(key: string, value: Uint8Array): Promise<void>
  /** Deletes a key, if it exists. */
  delete(key: string): Promise<void>
  /** Lists the keys with a prefix, one page at a time. */
  list(options: { readonly prefix: string; readonly cursor?: string | null }): Promise<KeyValueListing>
}

/** One page of keys. */
export interface KeyValueListing {
  readonly keys: readonly { readonly name: string }[]
  readonly list_complete: boolean
  readonly cursor?: string
}

/** Options of `kvStorage`. */
export interface KvStorageOptions {
  /**
   * The prefix of the store's keys: letters, digits, `_` and `-`.
   * @default 'learning-store'
   */
  readonly name?: string | undefined
}

/** KV allows 25 MiB per value. */
const MAX_CHUNK_BYTES = 20 * 1024 * 1024

/**
 * A storage in a Cloudflare KV namespace: `kvStorage(env.KV)`. KV shows writes late (elsewhere up to a minute) and
 * accepts one write per second and key. The storage persists snapshots only, and `durability: 'strict'` is refused:
 * commits after the last snapshot (`flush()`, `close()`, or automatically some seconds later) are lost with the
 * process.
 *
 * It is for one writer. Of two, the last to write wins, and the other rejects with `LEASE_LOST` if it sees that. An
 * opening elsewhere may see an older snapshot. A snapshot whose chunks have not all arrived within `lockTimeoutMs` is
 * skipped for the one before it, and `status().notes` says so.
 * @throws INVALID_ARGUMENT for an argument that is not a KV binding, an invalid name, an unknown option
 */
export function kvStorage(binding: KeyValueBindingLike, options: KvStorageOptions = {}): SnapshotOnlyStorageAdapter {
  checkMethods(binding, 'kvStorage', 'a KV namespace (env.KV)', ['get', 'put', 'delete', 'list'])
  const { name = 'learning-store' } = checkStorageOptions(options, 'kvStorage', ['name'])
  const prefix = `${checkKeyName(name)}/`
  return new SnapshotStorage(keyedBytes(binding), { name: `key-value:${name}`, prefix, maxChunkBytes: MAX_CHUNK_BYTES })
}

function keyedBytes(binding: KeyValueBindingLike): KeyedBytes {
  return {
    async get(key) {
      const value = await binding.get(key, 'arrayBuffer')
      return value === null ? undefined : new Uint8Array(value)
    },
    put: (key, bytes) => binding.put(key, bytes),
    remove: (key) => binding.delete(key),
    async keys(prefix) {
      const names: string[] = []
      let cursor: string | undefined
      do {
        const listing = await binding.list(cursor === undefined ? { prefix } : { prefix, cursor })
        names.push(...listing.keys.map((key) => key.name))
        cursor = listing.list_complete ? undefined : listing.cursor
      } while (cursor !== undefined)
      return names
    },
  }
}
