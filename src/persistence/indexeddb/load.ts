import { get, promisifyRequest, type UseStore } from 'idb-keyval'
import { StoreError } from '../../errors.ts'
import { concatenated, decodeFrames } from '../log/frame.ts'
import { byAge, decodeManifest, type Manifest, type Segment } from '../log/recovery.ts'
import { type Key, keysOf, type Named, rangeOf } from './keys.ts'

/** The heads that are there, oldest first; one that cannot be read stands for a snapshot that is damaged. */
export async function loadManifests(use: UseStore, keys: readonly IDBValidKey[]): Promise<Manifest[]> {
  const own = keysOf('head', keys)
  const values = await valuesOf(use, own, rangeOf('head'))
  return own.map((key, i) => decodeManifest(values[i] ?? new Uint8Array()) ?? unreadableHead(key)).sort(byAge)
}

/** The log, oldest segment first. */
export async function loadSegments(use: UseStore, keys: readonly IDBValidKey[]): Promise<Segment[]> {
  const own = keysOf('log', keys)
  const values = await valuesOf(use, own, rangeOf('log'))
  const segments = new Map<string, { key: Key; chunks: Uint8Array[] }>()
  for (const [i, key] of own.entries()) {
    const name = key.slice(1, 4).join()
    const segment = segments.get(name) ?? { key, chunks: [] }
    segments.set(name, segment)
    // What is missing here is missed between the records before and after it.
    segment.chunks.push(values[i] ?? new Uint8Array())
  }
  return [...segments.values()]
    .map(({ key: [, generation, epoch, after = 0], chunks }) => {
      return { generation, epoch, after, content: decodeFrames(concatenated(chunks)) }
    })
    .sort(byAge)
}

/** The bytes of a snapshot as far as they can be read: its hash tells whether they are all. */
export async function loadSnapshot(
  use: UseStore,
  keys: readonly IDBValidKey[],
  head: Named,
): Promise<Uint8Array | undefined> {
  const own = keysOf('part', keys).filter(([, ...key]) => key[0] === head.generation && key[1] === head.epoch)
  const parts = await valuesOf(use, own, rangeOf('part', head))
  return own.length > 0 ? concatenated(parts.flatMap((part) => part ?? [])) : undefined
}

/** The values of keys that fill a range, in one transaction; undefined for what is not there, not ours, or unreadable. */
async function valuesOf(
  use: UseStore,
  keys: readonly Key[],
  range: IDBKeyRange,
): Promise<readonly (Uint8Array | undefined)[]> {
  const all = await unlessUnreadable(use('readonly', (store) => promisifyRequest<unknown[]>(store.getAll(range))))
  if (all?.length === keys.length) return all.map(asBytes)
  // One that is unreadable makes all of them so.
  return Promise.all(keys.map(async (key) => asBytes(await unlessUnreadable(get<unknown>(key, use)))))
}

async function unlessUnreadable<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof StoreError) throw error
    return undefined
  }
}

function asBytes(value: unknown): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined
}

function unreadableHead([, generation, epoch, sequence = 0]: Key): Manifest {
  return { storeId: 'unknown', generation, epoch, sequence, sha256: '', header: '' }
}
