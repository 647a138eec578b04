import type { KeyValueBindingLike } from '../../../src/persistence/snapshot-only/key-value-storage.ts'

/** A namespace of keys whose changes reach each reader late: when it says so, or by itself what the reader wrote. */
export class EventualMedium {
  readonly truth: Map<string, Uint8Array> = new Map()
  readonly #views: Map<string, Uint8Array>[] = []

  /** A reader and writer at another location, who sees all that is there now. */
  reader(beforeChange: () => void = () => {}): KeyValueBindingLike {
    const view = new Map(this.truth)
    this.#views.push(view)
    const change = (key: string, bytes: Uint8Array | undefined): void => {
      beforeChange()
      for (const map of [this.truth, view]) set(map, key, bytes)
    }
    return {
      get: async (key) => view.get(key)?.slice().buffer ?? null,
      put: async (key, bytes) => change(key, bytes.slice()),
      delete: async (key) => change(key, undefined),
      // A page at a time, as a large namespace is listed.
      list: async ({ prefix, cursor }) => {
        const names = [...view.keys()].filter((key) => key.startsWith(prefix)).sort()
        const at = Number(cursor ?? 0)
        const keys = names.slice(at, at + 2).map((name) => ({ name }))
        return at + 2 < names.length
          ? { keys, list_complete: false, cursor: String(at + 2) }
          : { keys, list_complete: true }
      },
    }
  }

  /** Every reader sees what is under these keys now, or under all. */
  arrive(keys: Iterable<string> = [...this.truth.keys(), ...this.#views.flatMap((view) => [...view.keys()])]): void {
    for (const key of keys) for (const view of this.#views) set(view, key, this.truth.get(key))
  }
}

function set(map: Map<string, Uint8Array>, key: string, bytes: Uint8Array | undefined): void {
  if (bytes) map.set(key, bytes)
  else map.delete(key)
}
