import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { cdp } from 'vitest/browser'
import type { Snapshot } from '../../src/persistence/storage.ts'
import { classify, Session } from '../persistence/session.ts'
import { Gate } from '../persistence/storage-under-test.ts'
import { type IndexedDbHarness, indexedDbHarness } from './indexeddb-under-test.ts'

const KIB = 1024
const MIB = 1024 * KIB

let harness: IndexedDbHarness
beforeEach(async () => {
  harness = await indexedDbHarness()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await cdp().send('Storage.overrideQuotaForOrigin', { origin: location.origin })
  await harness.dispose()
  vi.unstubAllGlobals()
})

/** The durabilities of all transactions that change something, from here on. */
function watchTransactions(): string[] {
  const begun: string[] = []
  const begin = IDBDatabase.prototype.transaction
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...options) {
    const transaction = begin.apply(this, options)
    if (transaction.mode === 'readwrite') begun.push(transaction.durability)
    return transaction
  })
  return begun
}

async function setQuota(quotaSize: number): Promise<void> {
  await cdp().send('Storage.overrideQuotaForOrigin', { origin: location.origin, quotaSize })
}

/** Bytes that do not shrink when they are compressed, as Chromium does: the same at each call. */
function noise(length: number): Uint8Array {
  let state = 1
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return state >>> 24
  })
}

function image(length: number, sequence = 0): Snapshot {
  return { bytes: noise(length), sequence, storeId: 'model' }
}

async function lengthsOf(kind: string): Promise<number[]> {
  return (await harness.entries(kind)).map(([, value]) => (value as Uint8Array).length)
}

describe('A storage in IndexedDB writes', () => {
  test('with strict durability the lease, strict records, and the chunks and manifest of a snapshot', async () => {
    const begun = watchTransactions()
    const session = await Session.open(harness.storage())
    expect(begun.splice(0)).toEqual(['strict'])
    await session.replace()
    // A part, the head, and the removal of what is older, which can be done again.
    expect(begun.splice(0)).toEqual(['strict', 'strict', 'relaxed'])
    await session.append(['a'])
    expect(begun.splice(0)).toEqual(['relaxed'])
    await session.append(['b'], 'strict')
    expect(begun.splice(0)).toEqual(['strict'])
    const log = await harness.entries('log')
    begun.length = 0
    await session.append([], 'strict')
    expect(begun.splice(0)).toEqual(['strict'])
    expect(await harness.entries('log')).toEqual(log)
  })

  test('a batch in one transaction, in values of at most 32 KiB', async () => {
    const session = await Session.open(harness.storage())
    await session.replace()
    const begun = watchTransactions()
    // Around the bounds of one value, of two, and of what Chromium would keep in a file of its own.
    for (const around of [0, 32 * KIB, 64 * KIB, 300 * KIB]) {
      for (const more of [-100, -60, -1, 0, 1, 60]) await session.append(['x'.repeat(Math.max(0, around + more)), 'y'])
    }
    await session.append(Array.from({ length: 2_000 }, (_, i) => i))
    expect(begun).toHaveLength(25)
    vi.restoreAllMocks()
    expect(Math.max(...(await lengthsOf('log')))).toBe(32 * KIB)
    await harness.die(session.storage)
    expect((await Session.open(harness.storage())).items).toEqual(session.items)
  })

  test.each([0, 1, MIB - 1, MIB, MIB + 1, 5 * MIB + 7])(
    'a snapshot of %d bytes in parts of at most 1 MiB, whole',
    async (length) => {
      const storage = harness.storage()
      await storage.open({ lockTimeoutMs: 0, classify })
      await storage.replace(image(length))
      const lengths = await lengthsOf('part')
      expect(lengths).toHaveLength(Math.max(1, Math.ceil(length / MIB)))
      expect(Math.max(...lengths)).toBeLessThanOrEqual(MIB)
      await storage.close()
      const kept = await harness.storage().open({ lockTimeoutMs: 0, classify })
      const expected = noise(length)
      expect(kept.snapshot?.length).toBe(length)
      expect(kept.snapshot?.every((byte, i) => byte === expected[i])).toBe(true)
    },
  )

  test('the bytes that a snapshot has when it is given, whatever becomes of them meanwhile', async () => {
    const storage = harness.storage()
    await storage.open({ lockTimeoutMs: 0, classify })
    const given = image(100)
    const replacing = storage.replace(given)
    given.bytes.fill(0)
    await replacing
    await storage.close()
    expect((await harness.storage().open({ lockTimeoutMs: 0, classify })).snapshot).toEqual(noise(100))
  })

  test('an append while a snapshot is under way, between two of its parts', async () => {
    const order: string[] = []
    const begun = new Gate()
    const storage = harness.storage((change) => {
      order.push(change)
      if (order.length === 3) begun.open()
    })
    const session = await Session.open(storage)
    await session.replace()
    order.length = 0
    const replacing = storage.replace(image(24 * MIB))
    await begun.opened
    await session.append(['a'], 'strict')
    order.push('appended')
    await replacing
    const parts = order.slice(order.indexOf('appended')).filter((change) => change === 'snapshot')
    expect(order.filter((change) => change === 'snapshot')).toHaveLength(24)
    // It came in after the third part; there may be a few before it had its turn.
    expect(parts.length).toBeGreaterThan(10)
  })

  test('no part that no head names: not of a snapshot that failed, nor of one whose writer died', async () => {
    let stop: string | undefined
    const reached = new Gate()
    const storage = harness.storage(async (change) => {
      if (change !== stop) return
      if (stop === 'head') throw new Error('The disk fails')
      reached.open()
      await new Promise(() => {})
    })
    const session = await Session.open(storage)
    await session.replace()
    stop = 'head'
    await expect(storage.replace(image(3 * MIB))).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    expect(await lengthsOf('part')).toHaveLength(1)
    // The writer dies before the third part; the browser keeps what was written.
    let parts = 0
    const dying = harness.storage(async (change) => {
      if (change === 'snapshot' && ++parts === 3) {
        reached.open()
        await new Promise(() => {})
      }
    })
    await storage.close()
    await dying.open({ lockTimeoutMs: 0, classify })
    void dying.replace(image(3 * MIB))
    await reached.opened
    expect(await lengthsOf('part')).toHaveLength(3)
    await harness.die(dying)
    const failing = harness.storage((change) => {
      if (change === 'head') throw new Error('The disk fails')
    })
    await failing.open({ lockTimeoutMs: 0, classify })
    await expect(failing.replace(image(1))).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    expect(await lengthsOf('part')).toHaveLength(1)
  })
})

describe('When there is no room, a storage in IndexedDB', () => {
  let buckets = 0

  /**
   * A storage with so little room. It is in a bucket of its own, the same storage apart from the rest: Chromium asks for the
   * quota of a bucket once and then goes by the answer for half a minute. What tests before left behind may still shrink
   * meanwhile, so what has no room must be far too much.
   */
  async function nearlyFull(room: number): Promise<Session> {
    const { usage = 0 } = await navigator.storage.estimate()
    await setQuota(usage + room)
    const { storageBuckets } = navigator as unknown as {
      storageBuckets: { open(name: string): Promise<{ indexedDB: IDBFactory }> }
    }
    const bucket = await storageBuckets.open(`nearly-full-${++buckets}`)
    vi.stubGlobal('indexedDB', bucket.indexedDB)
    const session = await Session.open(harness.storage())
    await session.replace()
    return session
  }

  test('rejects with the size of the write, changes nothing, and accepts the same records later', async () => {
    const session = await nearlyFull(MIB)
    await session.append(['a'])
    const before = await harness.content()
    const wanted = expect.stringMatching(/3355\d{4} bytes/)
    const appending = session.append(['b', 'x'.repeat(32 * MIB)], 'strict')
    await expect(appending).rejects.toMatchObject({ code: 'STORAGE_FULL', message: wanted })
    expect(await harness.content()).toEqual(before)
    await setQuota(1024 * MIB)
    await session.retry('strict')
    await harness.die(session.storage)
    expect((await Session.open(harness.storage())).items).toEqual(session.items)
  })

  test('leaves nothing of a snapshot', async () => {
    const session = await nearlyFull(3 * MIB)
    const before = await harness.content()
    const wanted = expect.stringContaining('33554432 bytes')
    const replacing = session.storage.replace(image(32 * MIB))
    await expect(replacing).rejects.toMatchObject({ code: 'STORAGE_FULL', message: wanted })
    expect(await harness.content()).toEqual(before)
    await setQuota(1024 * MIB)
    await session.append(['a'])
    await session.replace()
    await session.close()
    expect((await Session.open(harness.storage())).items).toEqual(['ADD a'])
  })

  test.each([
    ['DataError', 'STORAGE_FULL'],
    ['UnknownError', 'STORAGE_ERROR'],
  ])('takes a %s for %s', async (name, code) => {
    const session = await Session.open(harness.storage())
    await session.replace()
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(() => {
      throw new DOMException('', name)
    })
    await expect(session.append(['a'])).rejects.toMatchObject({ code, message: expect.stringContaining(name) })
    await session.retry()
    await session.close()
    expect((await Session.open(harness.storage())).items).toEqual(['ADD a'])
  })
})

describe('A value that a storage in IndexedDB cannot read', () => {
  /** Two snapshots, records before and after the newer one. */
  async function twoSnapshots(): Promise<Session> {
    const session = await Session.open(harness.storage())
    await session.replace()
    await session.append(['a', 'b'])
    await session.replace()
    await session.append(['c'])
    await session.append(['d'])
    await session.append(['e'])
    await harness.die(session.storage)
    return session
  }

  /** The browser fails to give this value, and so all that are asked for with it. */
  function makeUnreadable(key: unknown): void {
    const unreadable = (): never => {
      throw new DOMException('Failed to read large IndexedDB value', 'DataError')
    }
    vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(unreadable)
    const { get } = IDBObjectStore.prototype
    vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(function (this: IDBObjectStore, asked) {
      return String(asked) === String(key) ? unreadable() : get.call(this, asked)
    })
  }

  const faults = {
    'cannot be read': async (key: unknown) => makeUnreadable(key),
    'is another thing': async (key: unknown) => harness.put(key as IDBValidKey, 'another thing'),
  }
  const each = Object.entries(faults)

  test.each(each)('a newest snapshot of which a part %s is set aside', async (_, fault) => {
    const { items } = await twoSnapshots()
    await fault((await harness.entries('part'))[1]?.[0])
    const second = await Session.open(harness.storage())
    expect(second.items).toEqual(items)
    expect(second.stored).toMatchObject({ sequence: 0, notes: [expect.stringContaining('Snapshot 2 (commit 2)')] })
    vi.restoreAllMocks()
    await second.replace()
    for (const kind of ['head', 'part']) {
      expect((await harness.entries(kind)).map(([key]) => key[1])).toEqual([1, 3])
    }
  })

  test.each(each)('so is one whose head %s', async (_, fault) => {
    const { items } = await twoSnapshots()
    await fault((await harness.entries('head'))[1]?.[0])
    const second = await Session.open(harness.storage())
    expect(second.items).toEqual(items)
    expect(second.stored).toMatchObject({ sequence: 0, notes: [expect.stringContaining('Snapshot 2 (commit 2)')] })
  })

  test.each(each)('a record in the middle that %s is refused', async (_, fault) => {
    await twoSnapshots()
    await fault((await harness.entries('log')).at(-2)?.[0])
    await expect(Session.open(harness.storage())).rejects.toMatchObject({ code: 'CORRUPT_LOG' })
  })

  test.each(each)('a last record that %s is a torn tail', async (_, fault) => {
    const { items } = await twoSnapshots()
    await fault((await harness.entries('log')).at(-1)?.[0])
    expect((await Session.open(harness.storage())).items).toEqual(items.slice(0, -1))
  })
})
