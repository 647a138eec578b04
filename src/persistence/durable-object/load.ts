import { concatenated, decodeFrames } from '../log/frame.ts'
import { byAge, decodeManifest, type Manifest, type Segment } from '../log/recovery.ts'
import type { Keys, Named } from './keys.ts'
import type { DurableObjectStorageLike } from './options.ts'

type Kv = DurableObjectStorageLike['kv']

/** The heads that are there, oldest first; one that cannot be read stands for a snapshot that is damaged. */
export function loadManifests(kv: Kv, keys: Keys): Manifest[] {
  return [...kv.list({ prefix: keys.prefix('head') })]
    .map(([key, value]) => decodeManifest(bytesOf(value)) ?? unreadableHead(keys.numbers(key)))
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
      return { generation, epoch, after, content: decodeFrames(concatenated(chunks)) }
    })
    .sort(byAge)
}

/** The bytes of a snapshot as far as they are there: its hash tells whether they are all. */
export function loadSnapshot(kv: Kv, keys: Keys, head: Named): Uint8Array | undefined {
  const parts = [...kv.list({ prefix: keys.prefix('part', head) })].map(([, value]) => bytesOf(value))
  return parts.length > 0 ? concatenated(parts) : undefined
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array()
}

function unreadableHead([generation = 0, epoch = 0, sequence = 0]: readonly number[]): Manifest {
  return { storeId: 'unknown', generation, epoch, sequence, sha256: '', header: '' }
}
