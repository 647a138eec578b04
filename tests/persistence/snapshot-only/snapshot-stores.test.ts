import { createStorage } from 'unstorage'
import { describe, expect, test } from 'vitest'
import type { openLearningStore as openInPage } from '../../../src/entry/browser.ts'
import type { openLearningStore as openAnywhere } from '../../../src/entry/default.ts'
import type { openLearningStore as openOnEdge } from '../../../src/entry/edge-node.ts'
import {
  type AsyncStore,
  bytesStorage,
  fromUnstorage,
  kvStorage,
  type LearningStoreOptions,
  MemoryMedium,
  memoryStorage,
  openLearningStore,
  type StorageAdapter,
} from '../../../src/entry/node.ts'
import { storeContract } from '../../learning/store-contract.ts'
import { EventualMedium } from './eventual-medium.ts'

const experience = { state: 's', action: 'a', reward: 1, terminated: true }

const learn = async (store: AsyncStore): Promise<void> => {
  await (await store.agent('agent')).learn(experience)
}
const count = (store: AsyncStore): Promise<number> => store.experiences.count()

storeContract('local in a key-value namespace', () =>
  openLearningStore({ storage: kvStorage(new EventualMedium().reader()), seed: 7 }),
)
storeContract('local in unstorage', () => openLearningStore({ storage: fromUnstorage(createStorage()), seed: 7 }))

test('The types of every runtime refuse strict for a storage without a log, and for no other', async () => {
  const [logless, snapshots] = [bytesStorage(), fromUnstorage(createStorage())]
  const strict = 'strict'
  const options: LearningStoreOptions = { storage: logless, durability: strict }
  // Never called: only compiled.
  const compiled = (anywhere: typeof openAnywhere, inPage: typeof openInPage, onEdge: typeof openOnEdge): unknown => [
    // @ts-expect-error: it keeps no log.
    openLearningStore({ storage: logless, durability: strict }),
    // @ts-expect-error: it keeps no log.
    onEdge({ storage: snapshots, durability: strict }),
    // @ts-expect-error: it keeps no log.
    anywhere({ storage: snapshots, durability: strict }),
    // @ts-expect-error: it keeps no log.
    inPage({ storage: snapshots, durability: strict }),
    openLearningStore({ storage: memoryStorage(new MemoryMedium()), durability: strict }),
    onEdge({ storage: memoryStorage(new MemoryMedium()), durability: strict }),
    anywhere({ storage: 'file:learning.db', durability: strict }),
    inPage({ durability: strict, worker: 'shared' }),
    onEdge({ storage: snapshots, durability: 'relaxed' }),
  ]
  expect(compiled).toBeTypeOf('function')
  // Where the types do not know, it is refused when it is opened.
  await expect(openLearningStore(options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
})

describe('A store in a key-value namespace', () => {
  const openOn = (medium: EventualMedium): Promise<AsyncStore> =>
    openLearningStore({ storage: kvStorage(medium.reader()), lockTimeoutMs: 0 })

  test('refuses strict, and leaves nothing behind', async () => {
    const medium = new EventualMedium()
    // @ts-expect-error: it keeps no log.
    const opening = openLearningStore({ storage: kvStorage(medium.reader()), durability: 'strict' })
    await expect(opening).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('log') })
    expect(medium.truth.size).toBe(0)
  })

  test('writes one snapshot when it is new, one per flush, none if nothing has changed', async () => {
    const medium = new EventualMedium()
    let changes = 0
    const store = await openLearningStore({ storage: kvStorage(medium.reader(() => changes++)) })
    // A part and its head.
    expect(changes).toBe(2)
    await learn(store)
    await store.flush()
    expect(changes).toBe(4)
    await store.flush()
    await store.close()
    expect(changes).toBe(4)
    const again = await openOn(medium)
    expect(await count(again)).toBe(1)
    await again.close()
  })

  test('has what was flushed when its writer dies, and loses the rest', async () => {
    const medium = new EventualMedium()
    const dying = await openOn(medium)
    await learn(dying)
    await dying.flush()
    await learn(dying)
    const { sequence, durableSequence, pendingBytes } = await dying.status()
    expect(durableSequence).toBeLessThan(sequence)
    expect(pendingBytes).toBeGreaterThan(0)
    const next = await openOn(medium)
    expect(await count(next)).toBe(1)
    await next.close()
  })

  test('detects that another has written it, and refuses to continue', async () => {
    const medium = new EventualMedium()
    const one = await openOn(medium)
    const other = await openOn(medium)
    await learn(other)
    await other.close()
    medium.arrive()
    await learn(one)
    await expect(one.flush()).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect((await one.status()).state).toBe('lost')
    await expect(learn(one)).rejects.toMatchObject({ code: 'LEASE_LOST' })
    await expect(one.close()).rejects.toMatchObject({ code: 'LEASE_LOST' })
  })

  test('notes that it opened an older snapshot because not all of the newest was seen', async () => {
    const medium = new EventualMedium()
    const writer = await openOn(medium)
    await learn(writer)
    await writer.flush()
    const elsewhere = medium.reader()
    await learn(writer)
    await writer.close()
    medium.arrive([...medium.truth.keys()].filter((key) => key.includes('head')))
    const storage: StorageAdapter = kvStorage(elsewhere)
    const store = await openLearningStore({ storage, lockTimeoutMs: 0 })
    expect(await count(store)).toBe(1)
    expect((await store.status()).notes).toEqual([expect.stringContaining('missing')])
    await store.close()
  })

  test('lies beside another of another name', async () => {
    const medium = new EventualMedium()
    const namespace = medium.reader()
    for (const [name, times] of [
      ['one', 1],
      ['two', 2],
    ] as const) {
      await using store = await openLearningStore({ storage: kvStorage(namespace, { name }) })
      for (let i = 0; i < times; i++) await learn(store)
    }
    await using one = await openLearningStore({ storage: kvStorage(namespace, { name: 'one' }) })
    await using two = await openLearningStore({ storage: kvStorage(namespace, { name: 'two' }) })
    expect([await count(one), await count(two)]).toEqual([1, 2])
  })
})
