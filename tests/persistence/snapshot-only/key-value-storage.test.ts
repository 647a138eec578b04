import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import {
  type KeyValueBindingLike,
  type KvStorageOptions,
  kvStorage,
} from '../../../src/persistence/snapshot-only/key-value-storage.ts'
import { SnapshotStorage } from '../../../src/persistence/snapshot-only/snapshot-storage.ts'
import { Session } from '../session.ts'
import { Gate } from '../storage-under-test.ts'
import { EventualMedium } from './eventual-medium.ts'
import { type SnapshotsHarness, snapshotsContract } from './snapshot-storage-contract.ts'

/** Of one location, where every write is seen at once. */
async function keyValueBench(): Promise<SnapshotsHarness> {
  const medium = new EventualMedium()
  medium.truth.set('another', new Uint8Array([1]))
  const here = medium.reader()
  return {
    storage: (beforeChange = () => {}) => {
      const failing: KeyValueBindingLike = {
        ...here,
        put: async (key, bytes) => {
          beforeChange()
          await here.put(key, bytes)
        },
        delete: async (key) => {
          beforeChange()
          await here.delete(key)
        },
      }
      return kvStorage(failing)
    },
    keys: async () => [...medium.truth.keys()].filter((key) => key.startsWith('learning-store/')).sort(),
    read: async (key) => medium.truth.get(key) ?? new Uint8Array(),
    write: async (key, bytes) => (bytes ? here.put(key, bytes) : here.delete(key)),
    async dispose() {
      expect(medium.truth.get('another')).toEqual(new Uint8Array([1]))
    },
  }
}

snapshotsContract('A storage in a key-value namespace', keyValueBench)

/** Persists as many snapshots as there are sizes, which are those of their parts together. */
async function keepAll(session: Session, values: readonly string[]): Promise<void> {
  for (const value of values) {
    const sequence = session.model.sequence + 1
    session.model.apply({ sequence, statements: [{ sql: 'ADD', values: [value] }] })
    await session.replace()
  }
}

describe('A storage in a key-value namespace of which another location sees changes late', () => {
  test('opens the snapshot before the newest, whose chunks are not visible yet, and the newest once they are', async () => {
    const medium = new EventualMedium()
    const writer = await Session.open(kvStorage(medium.reader()))
    await keepAll(writer, ['a', 'b'])
    const elsewhere = medium.reader()
    await keepAll(writer, ['c'])
    medium.arrive([...medium.truth.keys()].filter((key) => key.includes('head')))
    const early = await Session.open(kvStorage(elsewhere))
    expect(early.items).toEqual(['ADD a', 'ADD b'])
    expect(early.stored.notes).toEqual([expect.stringContaining('Snapshot 3 (commit 3) is missing')])
    medium.arrive()
    expect((await Session.open(kvStorage(elsewhere))).items).toEqual(writer.items)
    // What was opened on the older one may no longer write over the newer.
    await expect(keepAll(early, ['d'])).rejects.toMatchObject({ code: 'LEASE_LOST' })
  })

  test('does not count as damaged if only manifests are visible whose chunks were removed since', async () => {
    const medium = new EventualMedium()
    const writer = await Session.open(kvStorage(medium.reader()))
    await keepAll(writer, ['a', 'b'])
    const elsewhere = medium.reader()
    const old = [...medium.truth.keys()].filter((key) => key.includes('part'))
    await keepAll(writer, ['c', 'd'])
    medium.arrive(old)
    const message = expect.stringContaining('Retry in a minute')
    await expect(Session.open(kvStorage(elsewhere))).rejects.toMatchObject({ code: 'STORAGE_ERROR', message })
    medium.arrive()
    expect((await Session.open(kvStorage(elsewhere))).items).toEqual(writer.items)
  })

  test('waits for parts that are on their way', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const medium = new EventualMedium()
    const writer = await Session.open(kvStorage(medium.reader()))
    await keepAll(writer, ['a', 'b'])
    const elsewhere = medium.reader()
    await keepAll(writer, ['c'])
    medium.arrive([...medium.truth.keys()].filter((key) => key.includes('head')))
    const opening = Session.open(kvStorage(elsewhere), { lockTimeoutMs: 2_000 })
    await vi.advanceTimersByTimeAsync(1_000)
    medium.arrive()
    await vi.advanceTimersByTimeAsync(1_000)
    const { items, stored } = await opening
    vi.useRealTimers()
    expect(items).toEqual(writer.items)
    expect(stored.notes).toEqual([])
  })

  test('opens one of the written snapshots, whole, in whatever order changes arrive', async () => {
    const storageOn = (binding: KeyValueBindingLike): SnapshotStorage => {
      const bytes = {
        get: async (key: string) => {
          const value = await binding.get(key, 'arrayBuffer')
          return value ? new Uint8Array(value) : undefined
        },
        put: binding.put,
        remove: binding.delete,
        keys: async (prefix: string) => (await binding.list({ prefix })).keys.map(({ name }) => name),
      }
      return new SnapshotStorage(bytes, { name: 'parts:', prefix: 'store/', maxChunkBytes: 64 })
    }
    const order = fc.array(fc.nat(1_000), { maxLength: 30 })
    let opened = 0
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), order, async (count, picks) => {
        const medium = new EventualMedium()
        const elsewhere = medium.reader()
        const writer = await Session.open(storageOn(medium.reader()))
        const wholes: string[][] = [[]]
        for (let i = 0; i < count; i++) {
          await keepAll(writer, [`${'x'.repeat(60)}${i}`])
          wholes.push([...writer.items])
          const keys = [...medium.truth.keys()]
          medium.arrive(picks.filter((pick) => pick % count === i).map((pick) => keys[pick % keys.length] ?? ''))
        }
        const found = await Session.open(storageOn(elsewhere)).catch((error: unknown) => error)
        if (found instanceof Session) {
          if (found.items.length > 0) opened++
          expect(wholes).toContainEqual(found.items)
        } else expect(found).toMatchObject({ code: 'STORAGE_ERROR' })
        medium.arrive()
        expect((await Session.open(storageOn(elsewhere))).items).toEqual(writer.items)
      }),
      { seed: 6, numRuns: 300 },
    )
    expect(opened).toBeGreaterThan(20)
  })

  test('does not count as empty if chunks are visible without their manifests', async () => {
    const medium = new EventualMedium()
    const elsewhere = medium.reader()
    const writer = await Session.open(kvStorage(medium.reader()))
    await keepAll(writer, ['a', 'b'])
    medium.arrive([...medium.truth.keys()].filter((key) => key.includes('part')))
    const message = expect.stringContaining('Retry in a minute')
    await expect(Session.open(kvStorage(elsewhere))).rejects.toMatchObject({ code: 'STORAGE_ERROR', message })
    medium.arrive()
    expect((await Session.open(kvStorage(elsewhere))).items).toEqual(writer.items)
  })

  test('is created over the remains of a writer that died while creating it', async () => {
    const medium = new EventualMedium()
    const { put, ...rest } = medium.reader()
    const dying = async (key: string, bytes: Uint8Array): Promise<void> => {
      if (key.includes('head')) throw new Error('Gone')
      await put(key, bytes)
    }
    const died = await Session.open(kvStorage({ ...rest, put: dying }))
    await expect(keepAll(died, ['a'])).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    const next = await Session.open(kvStorage(medium.reader()))
    await keepAll(next, ['b', 'c'])
    expect((await Session.open(kvStorage(medium.reader()))).items).toEqual(next.items)
  })

  test.each([0, 4])(
    'tells a writer of %i snapshots more that one who saw none has made the store anew',
    async (more) => {
      const medium = new EventualMedium()
      const elsewhere = medium.reader()
      const maker = await Session.open(kvStorage(medium.reader()))
      await keepAll(maker, ['a', 'b'])
      const writer = await Session.open(kvStorage(medium.reader()))
      await keepAll(
        writer,
        Array.from({ length: more }, (_, i) => `${i}`),
      )
      const newcomer = await Session.open(kvStorage(elsewhere))
      expect(newcomer.items).toEqual([])
      await newcomer.storage.replace({ ...newcomer.model.toSnapshot(), storeId: 'another' })
      medium.arrive()
      await expect(keepAll(writer, ['z'])).rejects.toMatchObject({ code: 'LEASE_LOST' })
    },
  )

  test('rejects a writer if another has continued from an older snapshot', async () => {
    const medium = new EventualMedium()
    const writer = await Session.open(kvStorage(medium.reader()))
    await keepAll(writer, ['a'])
    const elsewhere = medium.reader()
    await keepAll(writer, ['b', 'c', 'd', 'e'])
    await keepAll(await Session.open(kvStorage(elsewhere)), ['x'])
    medium.arrive()
    await expect(keepAll(writer, ['f'])).rejects.toMatchObject({ code: 'LEASE_LOST' })
  })

  test('lets a writer continue that sees its own manifests late', async () => {
    const medium = new EventualMedium()
    const { get, ...rest } = medium.reader()
    const before: ArrayBuffer[] = []
    const late: KeyValueBindingLike = {
      ...rest,
      get: async (key, type) => {
        const now = await get(key, type)
        if (!key.includes('head') || !now) return now
        before.push(now)
        return before.at(-6) ?? null
      },
    }
    const writer = await Session.open(kvStorage(late))
    await keepAll(writer, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])
    expect((await Session.open(kvStorage(medium.reader()))).items).toEqual(writer.items)
  })

  test('of two simultaneous writers persists one, whole', async () => {
    const medium = new EventualMedium()
    const namespace = medium.reader()
    const asleep = new Gate()
    const woken = new Gate()
    let sleeps = true
    const slow: KeyValueBindingLike = {
      ...namespace,
      put: async (key, bytes) => {
        if (sleeps && key.includes('head')) {
          asleep.open()
          await woken.opened
        }
        await namespace.put(key, bytes)
      },
    }
    const [one, other] = [await Session.open(kvStorage(slow)), await Session.open(kvStorage(namespace))]
    const writing = keepAll(one, ['a'])
    await asleep.opened
    // Its first snapshot removes what dead writers left, and the other is alive.
    await keepAll(other, ['x'])
    sleeps = false
    woken.open()
    await writing
    const found = (await Session.open(kvStorage(namespace))).items
    expect([one.items, other.items]).toContainEqual(found)
  })

  test('of two writers that do not see each other persists one, whole, and rejects the other', async () => {
    const medium = new EventualMedium()
    const [one, other] = [
      await Session.open(kvStorage(medium.reader())),
      await Session.open(kvStorage(medium.reader())),
    ]
    await keepAll(one, ['a', 'b'])
    await keepAll(other, ['x', 'y'])
    medium.arrive()
    const found = (await Session.open(kvStorage(medium.reader()))).items
    expect(found).toEqual(other.items)
    await expect(keepAll(one, ['c'])).rejects.toMatchObject({ code: 'LEASE_LOST' })
  })
})

test.each(['', 'a/b', 'a:b', '..'])('A storage in a key-value namespace cannot be named %j', (name) => {
  const { reader } = new EventualMedium()
  expect(() => kvStorage(reader.call(new EventualMedium()), { name })).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
  )
})

test('A storage in a key-value namespace is refused without one, and for options that it does not know', () => {
  const namespace = new EventualMedium().reader()
  const refused = (binding: unknown, options?: unknown): void =>
    expect(() => kvStorage(binding as KeyValueBindingLike, options as KvStorageOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  for (const binding of [undefined, null, 'KV', {}, { get: namespace.get }]) refused(binding)
  for (const options of [null, 'x', ['x'], { nmae: 'x' }, { name: 5 }, { name: null }]) refused(namespace, options)
  const message = 'Expected the argument of kvStorage to be a KV namespace (env.KV), with get, got undefined'
  expect(() => kvStorage(undefined as unknown as KeyValueBindingLike)).toThrow(message)
})
