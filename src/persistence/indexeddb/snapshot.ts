import { setMany, type UseStore } from 'idb-keyval'
import { chunksOf } from '../log/frame.ts'
import { encodeManifest, type Manifest } from '../log/recovery.ts'
import { between, chunkKey, manifestKey, rangeOf } from './keys.ts'

/** Small enough that a power cut loses no acknowledged chunk, large enough that loading stays fast. */
const MAX_CHUNK_BYTES = 1024 * 1024

/**
 * Writes a snapshot durably, or leaves nothing of it. Each chunk has a transaction of its own, so that appends can come
 * between; the manifest is last.
 * @param previous the manifest of the newest durable snapshot
 */
export async function writeSnapshot(
  use: UseStore,
  previous: Manifest | undefined,
  manifest: Manifest,
  bytes: Uint8Array,
  beforeChange: (change: 'snapshot' | 'head') => Promise<void>,
): Promise<void> {
  try {
    // Chunks of a dead writer would accumulate.
    let leftOver: IDBKeyRange | undefined = between('part', previous, manifest)
    for (const [i, chunk] of chunksOf(bytes, MAX_CHUNK_BYTES)) {
      await beforeChange('snapshot')
      await use('readwrite', (store) => {
        if (leftOver) store.delete(leftOver)
        store.put(chunk, chunkKey(manifest, i))
      })
      leftOver = undefined
    }
    await beforeChange('head')
    await setMany([[manifestKey(manifest, manifest.sequence), encodeManifest(manifest)]], use)
  } catch (error) {
    // If this fails as well, the next snapshot removes them.
    await removeRanges(use, [rangeOf('head', manifest), rangeOf('part', manifest)]).catch(() => {})
    throw error
  }
}

export async function removeRanges(use: UseStore, ranges: readonly IDBKeyRange[]): Promise<void> {
  await use('readwrite', (store) => {
    for (const range of ranges) store.delete(range)
  })
}
