import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StorageAdapter } from '../../../src/persistence/storage.ts'
import { Session } from '../session.ts'
import { flipped, Trap } from '../storage-under-test.ts'

/** A storage of values by keys, the storages on it, and what can happen to it behind their backs. */
export interface SnapshotsHarness {
  /** A new storage. `beforeChange` is called before each change of the storage, which throws what it throws. */
  storage(beforeChange?: () => void): StorageAdapter
  /** All keys of the store. */
  keys(): Promise<readonly string[]>
  read(key: string): Promise<Uint8Array>
  /** Undefined removes it. */
  write(key: string, bytes: Uint8Array | undefined): Promise<void>
  dispose(): Promise<void>
}

/** What such a storage cannot do, and why. */
const LIMITATIONS = {
  'keep what was committed after the last snapshot': 'nothing can be appended to a value',
  'refuse a second writer while the first goes on': 'it has no transactions in which to lease the storage',
  'fence a writer that wakes up at the moment another writes': 'it has no transactions in which to check',
  'say the loss of the whole store': 'nothing is kept apart from it',
}

/** What every storage must do that keeps snapshots in a storage of values by keys. */
export function snapshotsContract(name: string, makeHarness: () => Promise<SnapshotsHarness>): void {
  describe(name, () => {
    let harness: SnapshotsHarness
    beforeEach(async () => {
      harness = await makeHarness()
    })
    afterEach(() => harness.dispose())

    const open = (beforeChange?: () => void): Promise<Session> => Session.open(harness.storage(beforeChange))

    /** Commits a value, and keeps it by a snapshot. */
    async function keep(session: Session, value: string): Promise<void> {
      const sequence = session.model.sequence + 1
      session.model.apply({ sequence, statements: [{ sql: 'ADD', values: [value] }] })
      await session.replace()
    }

    async function withThree(): Promise<Session> {
      const session = await open()
      await session.replace()
      for (const value of ['a', 'b']) await keep(session, value)
      await session.close()
      return session
    }

    /** The keys of the parts of one generation, or of the head in whose slot it is. */
    const partsOf = async (generation: number): Promise<string[]> =>
      (await harness.keys()).filter((key) => key.includes(`part-${generation}-`))
    const manifestOf = async (generation: number): Promise<string> => {
      for (const key of await harness.keys()) {
        const isHead = /head-\d$/.test(key)
        if (isHead && new TextDecoder().decode(await harness.read(key)).includes(`"generation":${generation},`))
          return key
      }
      throw new Error(`Expected a head of generation ${generation}`)
    }

    for (const [what, why] of Object.entries(LIMITATIONS)) test.skip(`cannot ${what}: ${why}`, () => {})

    test('is empty at first, and declares that it persists snapshots only', async () => {
      const { stored, storage } = await open()
      expect(storage.persists).toBe('snapshots')
      expect(stored).toEqual({ snapshot: undefined, sequence: undefined, commits: [], wantsSnapshot: true, notes: [] })
      await expect(storage.append([new Uint8Array(1)], 'relaxed')).rejects.toMatchObject({ code: 'UNSUPPORTED' })
      await storage.close()
      expect(await harness.keys()).toEqual([])
    })

    test('persists the newest snapshot', async () => {
      const { items } = await withThree()
      const { stored, items: found } = await open()
      expect(found).toEqual(items)
      expect(stored).toMatchObject({ sequence: 2, commits: [], wantsSnapshot: false, notes: [] })
    })

    test('persists bytes of its own: later changes by the caller have no effect', async () => {
      const first = await open()
      const snapshot = first.model.toSnapshot()
      const replacing = first.storage.replace(snapshot)
      snapshot.bytes.fill(0)
      await replacing
      snapshot.bytes.fill(0)
      expect((await open()).items).toEqual([])
    })

    test('keeps two snapshots, however many were written', async () => {
      const session = await open()
      await session.replace()
      for (let i = 0; i < 6; i++) await keep(session, `${i}`)
      expect(await harness.keys()).toHaveLength(4)
      const again = await open()
      for (let i = 0; i < 3; i++) await keep(again, `${i}`)
      expect(await harness.keys()).toHaveLength(4)
      expect((await open()).items).toEqual(again.items)
    })

    test('is not written after it was closed', async () => {
      const session = await open()
      await session.close()
      await expect(session.replace()).rejects.toMatchObject({ code: 'CLOSED' })
      expect(await harness.keys()).toEqual([])
    })

    const damages = {
      'part is missing': async () => {
        for (const key of await partsOf(3)) await harness.write(key, undefined)
      },
      'part is damaged': async () => {
        for (const key of await partsOf(3)) await harness.write(key, flipped(await harness.read(key), 20))
      },
      'head is torn': async () => {
        const key = await manifestOf(3)
        await harness.write(key, (await harness.read(key)).subarray(0, 40))
      },
    }

    test.each(Object.entries(damages))(
      'falls back on the one before when its newest %s, says so, and goes on',
      async (_, damage) => {
        await withThree()
        await damage()
        const before = await harness.keys()
        const second = await open()
        expect(second.items).toEqual(['ADD a'])
        expect(second.stored.notes).toEqual([expect.stringMatching(/missing|damaged/)])
        expect(second.stored.wantsSnapshot).toBe(false)
        expect(await harness.keys()).toEqual(before)
        await keep(second, 'c')
        const third = await open()
        expect(third.items).toEqual(['ADD a', 'ADD c'])
        expect(third.stored.notes).toEqual([])
        await keep(third, 'd')
        expect(await harness.keys()).toHaveLength(4)
      },
    )

    test('falls back on the last one that was whole, also after one that was not', async () => {
      await withThree()
      for (const key of await partsOf(3)) await harness.write(key, undefined)
      await keep(await open(), 'c')
      for (const key of await partsOf(4)) await harness.write(key, undefined)
      expect((await open()).items).toEqual(['ADD a'])
    })

    test('is refused when no snapshot is whole, and nothing is changed', async () => {
      await withThree()
      for (const generation of [2, 3]) for (const key of await partsOf(generation)) await harness.write(key, undefined)
      const before = await harness.keys()
      // They may be on their way.
      for (let i = 0; i < 2; i++) await expect(open()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
      expect(await harness.keys()).toEqual(before)
      await harness.write(before.find((key) => key.includes('head')) ?? '', new Uint8Array([1, 2, 3]))
      await expect(open()).rejects.toMatchObject({ code: 'CORRUPT_SNAPSHOT' })
    })

    test('is refused when no head is whole', async () => {
      await withThree()
      for (const generation of [2, 3]) await harness.write(await manifestOf(generation), new Uint8Array([1, 2, 3]))
      await expect(open()).rejects.toMatchObject({ code: 'CORRUPT_SNAPSHOT' })
    })

    test('rejects a writer if another has written since', async () => {
      const sleeper = await withThree()
      const first = await open()
      const second = await open()
      await keep(second, 'c')
      await expect(first.replace()).rejects.toMatchObject({ code: 'LEASE_LOST' })
      await keep(second, 'd')
      await expect(first.replace()).rejects.toMatchObject({ code: 'LEASE_LOST' })
      expect((await open()).items).toEqual([...sleeper.items, 'ADD c', 'ADD d'])
    })

    test('rejects one of two writers that created the store at the same time', async () => {
      const [first, second] = [await open(), await open()]
      await keep(first, 'a')
      await expect(second.replace()).rejects.toMatchObject({ code: 'LEASE_LOST' })
      expect((await open()).items).toEqual(['ADD a'])
    })

    test('loses no written snapshot, wherever the storage fails', async () => {
      for (let n = 1; ; n++) {
        await harness.dispose()
        harness = await makeHarness()
        const trap = new Trap()
        const session = await open(trap.step)
        await session.replace()
        await keep(session, 'a')
        trap.arm(n)
        const failed = await keep(session, 'b').then(
          () => false,
          (error) => String(error).includes('The disk fails'),
        )
        trap.arm(0)
        const found = (await open()).items
        expect([['ADD a'], ['ADD a', 'ADD b']]).toContainEqual(found)
        // Whether another opens it now or the same writer goes on.
        const next = n % 2 === 0 ? session : await open()
        await keep(next, 'c')
        const last = await open()
        expect(last.items).toEqual(next.items)
        await keep(last, 'd')
        await keep(last, 'e')
        expect(await harness.keys()).toHaveLength(4)
        if (failed) continue
        // A part and a head; what cannot be removed is removed by a later one, and fails nothing.
        expect(n).toBe(3)
        return
      }
    })

    test('does not accumulate while the storage keeps failing', async () => {
      let fails = false
      let changes = 0
      const session = await open(() => {
        if (fails && changes++ % 2 === 1) throw new Error('The disk fails')
      })
      await session.replace()
      await keep(session, 'a')
      fails = true
      for (let i = 0; i < 8; i++) await keep(session, `${i}`).catch(() => {})
      expect((await harness.keys()).length).toBeLessThanOrEqual(6)
      fails = false
      await keep(session, 'z')
      expect(await harness.keys()).toHaveLength(4)
      expect((await open()).items).toEqual(session.items)
    })
  })
}
