import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { deleteIndexedDbStorage } from '../../src/persistence/indexeddb/index.ts'
import { classify, Session } from '../persistence/session.ts'
import { Gate } from '../persistence/storage-under-test.ts'
import { type IndexedDbHarness, indexedDbHarness } from './indexeddb-under-test.ts'

let harness: IndexedDbHarness
beforeEach(async () => {
  harness = await indexedDbHarness()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await harness.dispose()
})

async function holders(): Promise<(string | undefined)[]> {
  const { held = [] } = await navigator.locks.query()
  return held.flatMap(({ name, clientId }) => (name === harness.lock ? [clientId] : []))
}

describe('The lease of a storage in IndexedDB', () => {
  test('calls onBlocked once while waiting for another holder', async () => {
    let blocked = 0
    const told = new Gate()
    const onBlocked = (): void => {
      blocked++
      told.open()
    }
    const first = await Session.open(harness.indexedDbStorage({ onBlocked }))
    expect(blocked).toBe(0)
    const second = Session.open(harness.indexedDbStorage({ onBlocked }), {
      lockTimeoutMs: 60_000,
    })
    await told.opened
    await first.close()
    await second
    expect(blocked).toBe(1)
  })

  test.each([0, 30])('that another holds is refused after %d ms with its holder', async (lockTimeoutMs) => {
    await Session.open(harness.storage())
    const [holder] = await holders()
    let blocked = 0
    const storage = harness.indexedDbStorage({ onBlocked: () => blocked++ })
    await expect(storage.open({ lockTimeoutMs, classify })).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringMatching(new RegExp(`client ${holder}.*${lockTimeoutMs} ms for lock ${harness.lock}\\.`)),
    })
    expect(blocked).toBe(1)
  })

  test('is free after each release, without waiting', async () => {
    for (let i = 0; i < 100; i++) {
      const storage = harness.storage()
      await storage.open({ lockTimeoutMs: 0, classify })
      await storage.close()
    }
    expect(await holders()).toEqual([])
  })

  test('is given back by an opening that fails and by a close that cannot remember', async () => {
    vi.spyOn(IDBFactory.prototype, 'open').mockImplementationOnce(() => {
      throw new DOMException('Internal error opening backing store', 'UnknownError')
    })
    await expect(Session.open(harness.storage())).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    expect(await holders()).toEqual([])
    const session = await Session.open(harness.storage())
    await session.replace()
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('The database connection is closing', 'InvalidStateError')
    })
    await session.close()
    expect(await holders()).toEqual([])
  })

  test('that was stolen leaves its writer able to write until another has claimed the storage, and to close', async () => {
    const session = await Session.open(harness.storage())
    await session.replace()
    await harness.die(session.storage)
    await session.append(['a'])
    await session.close()
    const second = await Session.open(harness.storage())
    expect(second.items).toEqual(['ADD a'])
  })

  test('is not disturbed by listeners that throw', async () => {
    const reported: unknown[] = []
    vi.spyOn(globalThis, 'reportError').mockImplementation((error) => reported.push(error))
    const fail = (): never => {
      throw new Error('Not my day')
    }
    const first = await Session.open(harness.indexedDbStorage({ onStoreMarker: fail }))
    await first.replace()
    await first.append(['a'])
    const second = Session.open(harness.indexedDbStorage({ onBlocked: fail }), { lockTimeoutMs: 60_000 })
    await first.close()
    expect((await second).items).toEqual(['ADD a'])
    expect(reported.map(String)).toEqual(Array(3).fill('Error: Not my day'))
  })

  test('must be free for the storage to be deleted', async () => {
    const session = await Session.open(harness.storage())
    await session.replace()
    await expect(deleteIndexedDbStorage(harness.name, 20)).rejects.toMatchObject({ code: 'LOCKED' })
    const deleting = deleteIndexedDbStorage(harness.name, 60_000)
    await session.append(['a'])
    await session.close()
    await deleting
    expect((await Session.open(harness.storage())).stored.snapshot).toBeUndefined()
  })
})

describe('A platform that lacks', () => {
  const parts: [string, object, string][] = [
    ['indexedDB', globalThis, 'indexedDB'],
    ['navigator.locks', navigator, 'locks'],
    ['crypto.subtle', crypto, 'subtle'],
  ]

  afterEach(() => {
    for (const [, of, part] of parts.slice(1)) Reflect.deleteProperty(of, part)
    vi.unstubAllGlobals()
  })

  function lack(of: object, part: string): void {
    if (of === globalThis) vi.stubGlobal(part, undefined)
    else Object.defineProperty(of, part, { value: undefined, configurable: true })
  }

  test.each(parts)('%s is named as missing, and nothing is held', async (name, of, part) => {
    lack(of, part)
    const storage = harness.indexedDbStorage()
    await expect(storage.open({ lockTimeoutMs: 0, classify })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining(`has no ${name}, which indexeddb:${harness.name} needs`),
    })
    await expect(deleteIndexedDbStorage(harness.name)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    await storage.close()
  })

  test('a secure context is named in the remedy', async () => {
    lack(navigator, 'locks')
    vi.stubGlobal('isSecureContext', false)
    await expect(harness.storage().open({ lockTimeoutMs: 0, classify })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('Use https'),
    })
  })
})
