import { expect, test } from 'vitest'
import { StoreError } from '../../../src/errors.ts'
import { readNewest } from '../../../src/persistence/log/reading.ts'
import type { Manifest, Recovery } from '../../../src/persistence/log/recovery.ts'
import type { Found } from '../../../src/persistence/log/recovery-with-store-marker.ts'

const manifestOf = (generation: number): Manifest => ({
  storeId: 'store',
  generation,
  epoch: 1,
  sequence: generation,
  sha256: '',
  header: '',
})
const foundOf = (generation: number): Found => ({
  manifests: [manifestOf(generation)],
  segments: [],
  read: async () => undefined,
})
const recoveryOf = (found: Found, more: Partial<Recovery> = {}): Recovery => ({
  manifest: found.manifests[0] ?? manifestOf(0),
  snapshot: new Uint8Array(),
  commits: [],
  damaged: [],
  edited: false,
  ...more,
})

/** A storage whose writer has written another snapshot at each listing, up to the last one. */
function moving(last: number, recover: (found: Found) => Promise<Recovery>) {
  let generation = 0
  return {
    list: async () => {
      generation = Math.min(generation + 1, last)
      return foundOf(generation)
    },
    recover,
  }
}

test.each([
  ['that is gone', () => Promise.reject(new StoreError('CORRUPT_SNAPSHOT', 'gone'))],
  ['that looks damaged', async (found: Found) => recoveryOf(found, { damaged: [manifestOf(0)] })],
  ['that looks edited', async (found: Found) => recoveryOf(found, { edited: true })],
] as const)('a snapshot %s is read again as long as the writer writes newer ones', async (_, fail) => {
  const recover = (found: Found): Promise<Recovery> =>
    found.manifests[0]?.generation === 4 ? Promise.resolve(recoveryOf(found)) : fail(found)
  const read = await readNewest(moving(4, recover), undefined)
  expect(read).toMatchObject({ sequence: 4, notes: [], continues: false, position: { generation: 4 } })
})

test('what is damaged while the writer rests is reported', async () => {
  const lost = () => Promise.reject(new StoreError('CORRUPT_LOG', 'lost'))
  await expect(readNewest(moving(3, lost), undefined)).rejects.toMatchObject({ code: 'CORRUPT_LOG' })
  const damaged = async (found: Found): Promise<Recovery> => recoveryOf(found, { damaged: [manifestOf(9)] })
  expect((await readNewest(moving(3, damaged), undefined))?.notes).toEqual([expect.stringContaining('Snapshot 9')])
})

test('a writer that never rests does not keep a reader for ever', async () => {
  let attempts = 0
  const gone = () => {
    attempts++
    return Promise.reject(new StoreError('CORRUPT_SNAPSHOT', 'gone'))
  }
  await expect(readNewest(moving(1e9, gone), undefined)).rejects.toMatchObject({ code: 'CORRUPT_SNAPSHOT' })
  expect(attempts).toBe(100)
})
