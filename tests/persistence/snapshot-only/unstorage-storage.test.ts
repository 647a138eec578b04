import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createStorage, type Driver, type Storage } from 'unstorage'
import fsDriver from 'unstorage/drivers/fs'
import fsLiteDriver from 'unstorage/drivers/fs-lite'
import lruCacheDriver from 'unstorage/drivers/lru-cache'
import memoryDriver from 'unstorage/drivers/memory'
import nullDriver from 'unstorage/drivers/null'
import overlayDriver from 'unstorage/drivers/overlay'
import { describe, expect, test } from 'vitest'
import {
  type FromUnstorageOptions,
  fromUnstorage,
  type UnstorageLike,
} from '../../../src/persistence/snapshot-only/unstorage-storage.ts'
import { Session } from '../session.ts'
import { type SnapshotsHarness, snapshotsContract } from './snapshot-storage-contract.ts'

/** As a driver without bytes of its own is: unstorage makes text of them. */
function textDriver(): Driver {
  const texts = new Map<string, string>()
  return {
    name: 'text',
    hasItem: (key) => texts.has(key),
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, value) => void texts.set(key, value),
    removeItem: (key) => void texts.delete(key),
    getKeys: () => [...texts.keys()],
  }
}

async function benchOf(make: (folder: string) => Driver, takes: 'a storage' | 'a driver'): Promise<SnapshotsHarness> {
  const folder = await mkdtemp(join(tmpdir(), 'unstorage-storage-'))
  const driver = make(folder)
  const storage: Storage = createStorage({ driver })
  await storage.setItem('another:value', 'untouched')
  const target = (takes === 'a storage' ? storage : driver) as UnstorageLike
  return {
    storage: (beforeChange = () => {}) => {
      const failing: UnstorageLike = {
        getItemRaw: (key, options) => target.getItemRaw?.(key, options),
        setItemRaw: (key, value, options) => {
          beforeChange()
          return target.setItemRaw?.(key, value, options)
        },
        removeItem: (key, options) => {
          beforeChange()
          return target.removeItem?.(key, options)
        },
        getKeys: (base, options) => target.getKeys(base, options),
        hasItem: (key, options) => target.hasItem(key, options),
      }
      return fromUnstorage(failing)
    },
    keys: async () => (await storage.getKeys('learning-store')).sort(),
    read: async (key) => {
      const bytes = await storage.getItemRaw<Uint8Array>(key)
      if (!bytes) throw new Error(`Expected something under ${key}`)
      return new Uint8Array(bytes)
    },
    write: async (key, bytes) => {
      if (bytes) await storage.setItemRaw(key, bytes)
      else await storage.removeItem(key)
    },
    async dispose() {
      expect(await storage.getItem('another:value')).toBe('untouched')
      await storage.dispose()
      await rm(folder, { recursive: true })
    },
  }
}

const DRIVERS: { readonly [name: string]: (folder: string) => Driver } = {
  memory: () => memoryDriver(),
  'lru-cache': () => lruCacheDriver({ max: 1_000 }),
  fs: (base) => fsDriver({ base }),
  'fs-lite': (base) => fsLiteDriver({ base }),
  'overlay of memory and fs': (base) => overlayDriver({ layers: [memoryDriver(), fsDriver({ base })] }),
  text: textDriver,
}

for (const [name, make] of Object.entries(DRIVERS)) {
  snapshotsContract(`A storage in unstorage by its driver ${name}`, () => benchOf(make, 'a storage'))
}
for (const name of ['memory', 'fs'] as const) {
  snapshotsContract(`A storage in a driver of unstorage itself, ${name}`, () =>
    benchOf(DRIVERS[name] ?? textDriver, 'a driver'),
  )
}

describe('A storage in unstorage', () => {
  test('limits the size of values', async () => {
    const driver = createStorage()
    const most = 64 * 1024
    const storage = fromUnstorage(driver, { name: 'small', chunkBytes: most })
    expect(storage.name).toBe('unstorage:small')
    const session = await Session.open(storage)
    session.model.apply({ sequence: 1, statements: [{ sql: 'ADD', values: ['x'.repeat(10.5 * most)] }] })
    for (let i = 0; i < 4; i++) await session.replace()
    const parts = (await driver.getKeys('small')).filter((key) => key.includes('part'))
    expect(parts).toHaveLength(2 * 11)
    for (const key of parts) expect((await driver.getItemRaw<Uint8Array>(key))?.length).toBeLessThanOrEqual(most)
    expect((await Session.open(fromUnstorage(driver, { name: 'small' }))).items).toEqual(session.items)
  })

  test('lies under the prefix of the given storage, where a file browser finds it', async () => {
    const base = await mkdtemp(join(tmpdir(), 'unstorage-storage-'))
    const session = await Session.open(
      fromUnstorage(createStorage({ driver: fsDriver({ base }) }), { name: 'agent-1' }),
    )
    await session.replace()
    expect(await readdir(base, { recursive: true })).toEqual(
      expect.arrayContaining(['agent-1', 'agent-1/head-0', expect.stringMatching(/^agent-1\/part-1-[\da-f]{16}-0$/)]),
    )
    await rm(base, { recursive: true })
  })

  test('is refused if the driver stores nothing', async () => {
    const session = await Session.open(fromUnstorage(createStorage({ driver: nullDriver() })))
    await expect(session.replace()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
  })

  test('is refused if another value has its keys', async () => {
    const storage = createStorage()
    await storage.setItem('learning-store:head-0', 'a text of another program')
    await expect(Session.open(fromUnstorage(storage))).rejects.toMatchObject({ code: 'NOT_A_STORE' })
  })

  test('is refused for a driver without raw bytes, which createStorage adds', () => {
    const message = expect.stringContaining('createStorage')
    expect(() => fromUnstorage(textDriver() as UnstorageLike)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message }),
    )
  })

  test('is refused without a storage, and for options that it does not know', () => {
    const refused = (storage: unknown, options?: unknown): void =>
      expect(() => fromUnstorage(storage as UnstorageLike, options as FromUnstorageOptions)).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      )
    for (const storage of [undefined, null, 'memory', {}, new Map()]) refused(storage)
    for (const options of [null, 'x', { partByte: 1 }, { name: 5 }, { chunkBytes: '1' }])
      refused(createStorage(), options)
  })

  test.each([0, -1, 65_535, 65_536.5, Number.NaN])('is refused for parts of %d bytes', (chunkBytes) => {
    expect(() => fromUnstorage(createStorage(), { chunkBytes })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})
