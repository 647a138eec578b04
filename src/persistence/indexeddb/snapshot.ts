import { setMany, type UseStore } from 'idb-keyval'
import { chunksOf } from '../log/frame.ts'
import { encodeManifest, type Manifest } from '../log/recovery.ts'
import { between, chunkKey, manifestKey, rangeOf } from './keys.ts'

/** Loading stays fast, and a power cut takes no part that was acknowledged. */
const MOST_PART_BYTES = 1024 * 1024

/**
 * The snapshot stands durably afterwards, or nothing is left of it. Each part has a transaction of its own, so that
 * appends come between; the head comes last.
 * @param previous the newest snapshot that stands.
 */
export async function writeSnapshot(
  use: UseStore,
  previous: Manifest | undefined,
  head: Manifest,
  bytes: Uint8Array,
  beforeChange: (change: 'snapshot' | 'head') => Promise<void>,
): Promise<void> {
  try {
    // What a writer that died in the middle has left would pile up.
    let leftOver: IDBKeyRange | undefined = between('part', previous, head)
    for (const [i, part] of chunksOf(bytes, MOST_PART_BYTES)) {
      await beforeChange('snapshot')
      await use('readwrite', (store) => {
        if (leftOver) store.delete(leftOver)
        store.put(part, chunkKey(head, i))
      })
      leftOver = undefined
    }
    await beforeChange('head')
    await setMany([[manifestKey(head, head.sequence), encodeManifest(head)]], use)
  } catch (error) {
    // Where the storage refuses this too, the next snapshot removes them.
    await removeRanges(use, [rangeOf('head', head), rangeOf('part', head)]).catch(() => {})
    throw error
  }
}

export async function removeRanges(use: UseStore, ranges: readonly IDBKeyRange[]): Promise<void> {
  await use('readwrite', (store) => {
    for (const range of ranges) store.delete(range)
  })
}
