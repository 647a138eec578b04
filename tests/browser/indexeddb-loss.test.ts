import { promisifyRequest } from 'idb-keyval'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Database } from '../../src/persistence/indexeddb/database.ts'
import { deleteIndexedDbStorage } from '../../src/persistence/indexeddb/index.ts'
import type { StoreMarker } from '../../src/persistence/log/recovery.ts'
import { classify, Session } from '../persistence/session.ts'
import { type IndexedDbHarness, indexedDbHarness } from './indexeddb-under-test.ts'

let harness: IndexedDbHarness
beforeEach(async () => {
  harness = await indexedDbHarness()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await harness.dispose()
})

async function stored(): Promise<Session> {
  const session = await Session.open(harness.storage())
  await session.replace()
  await session.append(['a'], 'strict')
  return session
}

async function deleteDatabase(): Promise<void> {
  await promisifyRequest(indexedDB.deleteDatabase(harness.database))
}

async function isThere(): Promise<boolean> {
  return (await indexedDB.databases()).some(({ name }) => name === harness.database)
}

/** The connections of storages that are used from here on, and how often one was used that was closed. */
function watchConnections(): { used: Set<IDBDatabase>; refused: number } {
  const watched = { used: new Set<IDBDatabase>(), refused: 0 }
  const begin = IDBDatabase.prototype.transaction
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...options) {
    watched.used.add(this)
    try {
      return begin.apply(this, options)
    } catch (error) {
      watched.refused++
      throw error
    }
  })
  return watched
}

test.each(['readonly', 'readwrite'] as const)(
  'A %s transaction ends when the browser closes its connection',
  async (mode) => {
    const database = new Database(harness.database)
    const use = database.use('strict')
    await use('readwrite', (store) => promisifyRequest(store.put(1, 'key')))
    const begin = IDBDatabase.prototype.transaction
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(function (this: IDBDatabase, ...options) {
      const transaction = begin.apply(this, options)
      // As Chromium does when it removes a damaged database: the transaction hears of nothing.
      for (const kind of ['complete', 'abort']) {
        transaction.addEventListener(kind, (event) => event.stopImmediatePropagation())
      }
      queueMicrotask(() => this.dispatchEvent(new Event('close')))
      return transaction
    })
    await expect(use(mode, () => new Promise(() => {}))).rejects.toThrow('The connection was closed')
    expect(await use('readonly', (store) => promisifyRequest(store.get('key')))).toBe(1)
    database.close()
  },
)

describe('The connection of a storage in IndexedDB heals', () => {
  async function expectToGoOn(session: Session): Promise<void> {
    await session.append(['b'])
    await session.replace()
    await session.append(['c'], 'strict')
    await session.close()
    expect((await Session.open(harness.storage())).items).toEqual(session.items)
  }

  test('when another connection wants to change the version, and gives way to it', async () => {
    const session = await stored()
    const request = indexedDB.open(harness.database, 99)
    request.onupgradeneeded = () => request.transaction?.abort()
    await expect(promisifyRequest(request)).rejects.toMatchObject({ name: 'AbortError' })
    await expectToGoOn(session)
  })

  test('when the browser closes it with an event', async () => {
    const watched = watchConnections()
    const session = await stored()
    for (const connection of watched.used) {
      connection.close()
      connection.dispatchEvent(new Event('close'))
    }
    await expectToGoOn(session)
    // The third is the one of the next opening.
    expect(watched).toMatchObject({ used: { size: 3 }, refused: 0 })
  })

  test('when the browser closes it without an event', async () => {
    const watched = watchConnections()
    const session = await stored()
    for (const connection of watched.used) connection.close()
    await expectToGoOn(session)
    expect(watched).toMatchObject({ used: { size: 3 }, refused: 1 })
  })

  test('after a failure at the second attempt too, when it is tried again', async () => {
    const session = await stored()
    const closing = (): never => {
      throw new DOMException('The database connection is closing', 'InvalidStateError')
    }
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(closing).mockImplementationOnce(closing)
    await expect(session.append(['x'])).rejects.toMatchObject({
      code: 'STORAGE_ERROR',
      message: expect.stringContaining('connection is closing'),
    })
    await session.retry()
    await expectToGoOn(session)
  })

  test('after it was closed while idle', async () => {
    const watched = watchConnections()
    const storage = harness.indexedDbStorage()
    const session = await Session.open(storage)
    await session.replace()
    const close = vi.spyOn(IDBDatabase.prototype, 'close')
    storage.rest()
    storage.rest()
    await session.append(['a'])
    expect(watched).toMatchObject({ used: { size: 2 }, refused: 0 })
    expect(close.mock.contexts).toEqual([...watched.used].slice(0, 1))
    const appending = session.append(['b'])
    storage.rest()
    await appending
    await expect(Session.open(harness.storage())).rejects.toMatchObject({ code: 'LOCKED' })
    await expectToGoOn(session)
  })
})

describe('When its database is removed, a storage in IndexedDB', () => {
  test.each(['append', 'replace'])('rejects the next %s, and creates no new one', async (verb) => {
    const session = await stored()
    await deleteDatabase()
    for (let i = 0; i < 2; i++) {
      const attempt = verb === 'append' ? session.append(['b']) : session.replace()
      await expect(attempt).rejects.toMatchObject({
        code: 'STORE_MISSING',
        message: expect.stringContaining(harness.name),
      })
      expect(await isThere()).toBe(false)
    }
    await session.close()
    expect(await isThere()).toBe(false)
    await expect(Session.open(harness.storage())).rejects.toMatchObject({ code: 'STORE_MISSING' })
  })

  test.each(['append', 'replace'])('rejects the next %s if only its content is gone', async (verb) => {
    const session = await stored()
    await harness.wipe()
    const attempt = verb === 'append' ? session.append(['b']) : session.replace()
    await expect(attempt).rejects.toMatchObject({ code: 'STORE_MISSING' })
    expect(await harness.entries()).toEqual([])
  })

  test('between two openings, is reported with the known store and a remedy', async () => {
    const session = await stored()
    await session.close()
    await deleteDatabase()
    for (let i = 0; i < 2; i++) {
      await expect(Session.open(harness.storage())).rejects.toMatchObject({
        code: 'STORE_MISSING',
        message: expect.stringMatching(
          /store model with at least 1 commits.*deleteLearningStore\('indexeddb:harness-\d+'\)/,
        ),
      })
    }
    await deleteIndexedDbStorage(harness.name)
    expect((await Session.open(harness.storage())).stored.snapshot).toBeUndefined()
  })

  test('cannot be written by a sleeper whose epoch comes again', async () => {
    const sleeper = await stored()
    await harness.die(sleeper.storage)
    await deleteIndexedDbStorage(harness.name)
    const successor = await Session.open(harness.storage())
    await successor.replace()
    const epochs = (await harness.entries('head')).map(([key]) => key[2])
    expect(epochs).toEqual([1])
    await expect(sleeper.append(['late'])).rejects.toMatchObject({ code: 'LEASE_LOST' })
    await expect(sleeper.replace()).rejects.toMatchObject({ code: 'LEASE_LOST' })
    await sleeper.close()
    await successor.close()
    expect((await Session.open(harness.storage())).items).toEqual([])
  })

  test('but not all of its keys, outranks their writer', async () => {
    const sleeper = await stored()
    await harness.die(sleeper.storage)
    for (let i = 0; i < 3; i++) {
      const next = await Session.open(harness.storage())
      await next.append([i])
      await next.close()
    }
    await harness.put(['claim'], undefined)
    const last = await Session.open(harness.storage())
    await last.append(['last'])
    expect((await harness.entries('log')).map(([key]) => key[2])).toEqual([1, 2, 3, 4, 5])
  })
})

describe('An opening of a storage in IndexedDB', () => {
  test('refuses a log without a snapshot', async () => {
    const session = await stored()
    await session.close()
    const log = await harness.entries('log')
    await harness.wipe()
    for (const [key, value] of log) await harness.put(key as IDBValidKey, value)
    await expect(Session.open(harness.storage())).rejects.toMatchObject({ code: 'CORRUPT_SNAPSHOT' })
    expect(await harness.entries('log')).toEqual(log)
  })

  test('whose lease is taken over before it has read anything rejects', async () => {
    await (await stored()).close()
    const open = caches.open.bind(caches)
    vi.spyOn(caches, 'open').mockImplementationOnce(async (name) => {
      await harness.die(sleeper)
      await Session.open(harness.storage())
      return open(name)
    })
    const sleeper = harness.storage()
    await expect(Session.open(sleeper)).rejects.toMatchObject({ code: 'LEASE_LOST' })
  })

  test('changes nothing of what it cannot read', async () => {
    const session = await stored()
    await session.replace()
    await session.append(['b'])
    await session.close()
    const whole = await harness.readSnapshot('newest')
    await harness.writeSnapshot('newest', whole.subarray(1))
    const second = await Session.open(harness.storage())
    expect(second.stored).toMatchObject({ sequence: 0, wantsSnapshot: true })
    await second.append(['c'])
    await second.close()
    await harness.writeSnapshot('newest', whole)
    const third = await Session.open(harness.storage())
    expect(third.items).toEqual(second.items)
    expect(third.stored).toMatchObject({ sequence: 1, wantsSnapshot: false, notes: [] })
  })
})

describe('The store marker of a storage in IndexedDB', () => {
  test('is passed to the caller after each snapshot and on close, up to what is on the disk', async () => {
    const told: StoreMarker[] = []
    const session = await Session.open(
      harness.indexedDbStorage({ onStoreMarker: (storeMarker) => told.push(storeMarker) }),
    )
    expect(told).toEqual([])
    await session.replace()
    await session.append(['a', 'b'])
    await session.replace()
    await session.append(['c'], 'strict')
    await session.append(['d'])
    await session.close()
    await session.close()
    expect(told).toEqual([0, 2, 3].map((sequence) => ({ storeId: 'model', sequence })))
  })

  test('by the caller alone is enough to miss it', async () => {
    const session = await stored()
    await session.close()
    await deleteIndexedDbStorage(harness.name)
    const expectedStore = { storeId: 'mine', sequence: 7 }
    await expect(Session.open(harness.indexedDbStorage({ expectedStore }))).rejects.toMatchObject({
      code: 'STORE_MISSING',
      message: expect.stringContaining('store mine with at least 7 commits'),
    })
    expect((await Session.open(harness.storage())).stored.notes).toEqual([])
  })

  test('shows that commits which were on the disk are missing', async () => {
    const session = await stored()
    await session.append(['b'])
    await session.close()
    const at = (sequence: number, storeId = 'model') =>
      harness.indexedDbStorage({ expectedStore: { storeId, sequence } })
    await expect(Session.open(at(3))).rejects.toMatchObject({ code: 'CORRUPT_LOG' })
    for (const storage of [at(2), at(0), at(9, 'another')]) {
      const opened = await Session.open(storage)
      expect(opened.items).toEqual(session.items)
      await opened.close()
    }
  })

  test('is missing and noted if the platform denies Cache Storage', async () => {
    for (const method of ['has', 'open'] as const) {
      vi.spyOn(caches, method).mockRejectedValue(new DOMException('Not here', 'SecurityError'))
    }
    const session = await Session.open(harness.storage())
    expect(session.stored).toMatchObject({
      snapshot: undefined,
      notes: [expect.stringContaining('SecurityError Not here')],
    })
    await session.replace()
    await session.append(['a'])
    await session.close()
    const second = await Session.open(harness.storage())
    expect(second.items).toEqual(['ADD a'])
    expect(second.stored.notes).toEqual([expect.stringContaining('SecurityError')])
  })

  test('is written again if it cannot be read', async () => {
    const session = await stored()
    // A power cut tears an entry like this: it fails until its cache is deleted.
    const match = Cache.prototype.match
    const deleted = caches.delete.bind(caches)
    vi.spyOn(Cache.prototype, 'match').mockRejectedValue(new DOMException('Torn', 'UnknownError'))
    vi.spyOn(caches, 'delete').mockImplementation(async (name) => {
      Cache.prototype.match = match
      return deleted(name)
    })
    await session.replace()
    await session.close()
    vi.restoreAllMocks()
    await harness.wipe()
    await expect(Session.open(harness.storage())).rejects.toMatchObject({ code: 'STORE_MISSING' })
  })

  test('is forgotten with the storage', async () => {
    await (await stored()).close()
    const own = `learning-store indexeddb:${harness.name}`
    expect(await caches.keys()).toContain(own)
    await deleteIndexedDbStorage(harness.name)
    expect(await caches.keys()).not.toContain(own)
    expect(await isThere()).toBe(false)
  })
})

describe('A database of the same name', () => {
  async function make(version: number, storeName: string): Promise<void> {
    const request = indexedDB.open(harness.database, version)
    request.onupgradeneeded = () => request.result.createObjectStore(storeName)
    const database = await promisifyRequest(request)
    database.close()
  }

  test.each([
    [1, 'of another program', 'NOT_A_STORE'],
    [2, 'of a newer version of this package', 'SCHEMA_TOO_NEW'],
  ])('(version %d) %s is refused and left as it is', async (version, _, code) => {
    await make(version, 'theirs')
    const storage = harness.storage()
    await expect(storage.open({ lockTimeoutMs: 0, classify })).rejects.toMatchObject({ code })
    const database = await promisifyRequest(indexedDB.open(harness.database))
    expect([database.version, ...database.objectStoreNames]).toEqual([version, 'theirs'])
    database.close()
  })
})
