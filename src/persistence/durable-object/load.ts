import { concat, decodeFrames } from '../log/frame.ts'
import { byAge, decodeManifest, type Manifest, type Segment } from '../log/recovery.ts'
import type { Keys, Named } from './keys.ts'
import type { DurableObjectStorageLike } from './options.ts'

type Kv = DurableObjectStorageLike['kv']

/** All manifests, oldest first; an unreadable one stands for a damaged snapshot. */
export function loadManifests(kv: Kv, keys: Keys): Manifest[] {
  return [...kv.list({ prefix: keys.prefix('head') })]
    .map(([key, value]) => decodeManifest(bytesOf(value)) ?? unreadableManifest(keys.numbers(key)))
    .sort(byAge)
}

/** The log, oldest segment first. */
export function loadSegments(kv: Kv, keys: Keys): Segment[] {
  const segments = new Map<string, { numbers: readonly number[]; chunks: Uint8Array[] }>()
  for (const [key, value] of kv.list({ prefix: keys.prefix('log') })) {
    const numbers = keys.numbers(key).slice(0, 3)
    const segment = segments.get(numbers.join()) ?? { numbers, chunks: [] }
    segments.set(numbers.join(), segment)
    segment.chunks.push(bytesOf(value))
  }
  return [...segments.values()]
    .map(({ numbers: [generation = 0, epoch = 0, after = 0], chunks }) => {
      return { generation, epoch, after, content: decodeFrames(concat(chunks)) }
    })
    .sort(byAge)
}

/** The chunks of a snapshot that exist; its hash shows whether they are complete. */
export function loadSnapshot(kv: Kv, keys: Keys, manifest: Named): Uint8Array | undefined {
  const chunks = [...kv.list({ prefix: keys.prefix('part', manifest) })].map(([, value]) => bytesOf(value))
  return chunks.length > 0 ? concat(chunks) : undefined
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array()
}

function unreadableManifest([generation = 0, epoch = 0, sequence = 0]: readonly number[]): Manifest {
  return { storeId: 'unknown', generation, epoch, sequence, sha256: '', header: '' }
}
