import type { SnapshotOnlyStorageAdapter } from '../storage.ts'
import { checkKeyName, checkMethods, checkStorageOptions } from '../storage-options.ts'
import type { KeyedBytes } from './chunks.ts'
import { SnapshotStorage } from './snapshot-storage.ts'

/** What a storage needs of a binding to Cloudflare Workers KV, or to what has the same methods. */
export interface KeyValueBindingLike {
  /** The value, or null where there is none (or none that is visible here yet). */
  get(key: string, type: 'arrayBuffer'): Promise<ArrayBuffer | null>
  /** Resolves once the value is taken; others may see it later. */
  put(key: string, value: Uint8Array): Promise<void>
  /** Resolves also where there is no such key. */
  delete(key: string): Promise<void>
  /** Keys that begin with `prefix`, a page at a time. */
  list(options: { readonly prefix: string; readonly cursor?: string | null }): Promise<KeyValueListing>
}

/** One page of keys, and whether it is the last. */
export interface KeyValueListing {
  readonly keys: readonly { readonly name: string }[]
  readonly list_complete: boolean
  readonly cursor?: string
}

/** How a storage in a key-value namespace differs from the usual. */
export interface KvStorageOptions {
  /** What the keys of the store begin with: letters, digits, `_` and `-`; `learning-store` unless given. */
  readonly name?: string | undefined
}

/** A value may have 25 MiB. */
const MOST_PART_BYTES = 20 * 1024 * 1024

/**
 * A storage in a key-value namespace that shows writes late (up to a minute elsewhere) and takes one write a second for a
 * key: `kvStorage(env.KV)`. It keeps snapshots only, and `durability: 'strict'` is refused: what was committed after the
 * last one (`flush()`, `close()`, or some seconds later by itself) is lost with the process. It is for one writer: of two,
 * the one that writes last counts, and the other is told (`LEASE_LOST`) where it sees that. Who opens elsewhere may see an
 * older snapshot; one whose parts have not all arrived within `lockTimeoutMs` is passed over for the one before it, and
 * `status().notes` says so.
 * @throws INVALID_ARGUMENT for what is no such binding, a name that keys cannot begin with, an unknown option.
 */
export function kvStorage(binding: KeyValueBindingLike, options: KvStorageOptions = {}): SnapshotOnlyStorageAdapter {
  checkMethods(binding, 'kvStorage', 'a KV namespace (env.KV)', ['get', 'put', 'delete', 'list'])
  const { name = 'learning-store' } = checkStorageOptions(options, 'kvStorage', ['name'])
  const prefix = `${checkKeyName(name)}/`
  return new SnapshotStorage(bound(binding), { name: `key-value:${name}`, prefix, maxChunkBytes: MOST_PART_BYTES })
}

function bound(binding: KeyValueBindingLike): KeyedBytes {
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
