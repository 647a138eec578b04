import { get, promisifyRequest, type UseStore } from 'idb-keyval'
import { StoreError } from '../../errors.ts'
import { concat, decodeFrames } from '../log/frame.ts'
import { byAge, decodeManifest, type Manifest, type Segment } from '../log/recovery.ts'
import { type Key, keysOf, type Named, rangeOf } from './keys.ts'

/** All manifests, oldest first; an unreadable one stands for a damaged snapshot. */
export async function loadManifests(use: UseStore, keys: readonly IDBValidKey[]): Promise<Manifest[]> {
  const own = keysOf('head', keys)
  const values = await valuesOf(use, own, rangeOf('head'))
  return own.map((key, i) => decodeManifest(values[i] ?? new Uint8Array()) ?? unreadableManifest(key)).sort(byAge)
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
    // A missing value leaves a gap between the records around it, which recovery detects.
    segment.chunks.push(values[i] ?? new Uint8Array())
  }
  return [...segments.values()]
    .map(({ key: [, generation, epoch, after = 0], chunks }) => {
      return { generation, epoch, after, content: decodeFrames(concat(chunks)) }
    })
    .sort(byAge)
}

/** The readable chunks of a snapshot; its hash shows whether they are complete. */
export async function loadSnapshot(
  use: UseStore,
  keys: readonly IDBValidKey[],
  manifest: Named,
): Promise<Uint8Array | undefined> {
  const own = keysOf('part', keys).filter(([, ...key]) => key[0] === manifest.generation && key[1] === manifest.epoch)
  const chunks = await valuesOf(use, own, rangeOf('part', manifest))
  return own.length > 0 ? concat(chunks.flatMap((chunk) => chunk ?? [])) : undefined
}

/** The values of the keys of a range, read in one transaction; undefined for a missing, foreign or unreadable one. */
async function valuesOf(
  use: UseStore,
  keys: readonly Key[],
  range: IDBKeyRange,
): Promise<readonly (Uint8Array | undefined)[]> {
  const all = await unlessUnreadable(
    use('readonly', (store) =>
      Promise.all([promisifyRequest(store.getAllKeys(range)), promisifyRequest<unknown[]>(store.getAll(range))]),
    ),
  )
  if (all) {
    // A writer beside a reader adds and removes keys.
    const found = new Map(all[0].map((key, i) => [String(key), all[1][i]]))
    return keys.map((key) => asBytes(found.get(String(key))))
  }
  // One unreadable value makes `getAll` fail.
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

function unreadableManifest([, generation, epoch, sequence = 0]: Key): Manifest {
  return { storeId: 'unknown', generation, epoch, sequence, sha256: '', header: '' }
}
