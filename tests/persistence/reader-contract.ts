import { describe, expect, test } from 'vitest'
import type { ReadPosition, ReadState } from '../../src/persistence/storage.ts'
import { classify, Model, Session } from './session.ts'
import { flipRecord, flipSnapshot, type Harness, type Limitations, tearTail } from './storage-under-test.ts'

/** What a reader has, beside the writer of the same storage. */
class Reading {
  model: Model = new Model()
  state: ReadState | undefined
  readonly #harness: Harness

  constructor(harness: Harness) {
    this.#harness = harness
  }

  get items(): readonly string[] {
    return this.model.items
  }

  /** Reads on from where it is, or everything. */
  async read(from: ReadPosition | undefined = this.state?.position): Promise<ReadState> {
    const storage = this.#harness.storage()
    if (!storage.read) throw new Error(`${storage.name} has no readers`)
    const state = await storage.read({ classify, from })
    if (!state.continues) this.model = Model.from({ ...state, wantsSnapshot: false })
    else for (const commit of state.commits) this.model.apply(commit)
    this.state = state
    return state
  }
}

/** What readers of a storage with a log find while a writer is at work, and after it. */
export function readerContract(harness: () => Harness, { sleepBeforeWriting }: Limitations): void {
  const open = (): Promise<Session> => Session.open(harness().storage())
  const reading = (): Reading => new Reading(harness())

  describe('a reader', () => {
    test('finds no store in an empty storage, and creates none', async () => {
      for (let i = 0; i < 2; i++) await expect(reading().read()).rejects.toMatchObject({ code: 'STORE_MISSING' })
      const writer = await open()
      expect(writer.stored.snapshot).toBeUndefined()
      await expect(reading().read()).rejects.toMatchObject({ code: 'STORE_MISSING' })
    })

    test('reads the newest snapshot and the log beside the writer, and changes nothing', async () => {
      const writer = await open()
      await writer.replace()
      await writer.append(['a', 'b'])
      await writer.replace()
      await writer.append(['c'])
      const before = await harness().content()
      const reader = reading()
      await reader.read()
      expect(reader.items).toEqual(writer.items)
      expect(await harness().content()).toEqual(before)
      await writer.append(['d'], 'strict')
      await writer.close()
      await reader.read(undefined)
      expect(reader.items).toEqual(writer.items)
    })

    test('follows the log from its position, also past a snapshot and a clean change of the writer', async () => {
      const first = await open()
      await first.replace()
      await first.append(['a'])
      const reader = reading()
      await reader.read()
      expect(await reader.read()).toMatchObject({ continues: true, commits: [] })
      await first.append(['b', 'c'])
      expect((await reader.read()).commits.map(({ sequence }) => sequence)).toEqual([2, 3])
      await first.replace()
      expect(await reader.read()).toMatchObject({ continues: true, commits: [] })
      await first.append(['d'])
      await first.close()
      const second = await open()
      await second.append(['e'])
      expect(await reader.read()).toMatchObject({ continues: true, snapshot: undefined })
      expect(reader.items).toEqual(second.items)
    })

    test('starts again from the newest snapshot when the log that it followed is gone', async () => {
      const writer = await open()
      await writer.replace()
      const reader = reading()
      await reader.read()
      for (const value of ['a', 'b', 'c']) {
        await writer.append([value])
        await writer.replace()
      }
      await writer.append(['d'])
      expect(await reader.read()).toMatchObject({ continues: false, sequence: 3 })
      expect(reader.items).toEqual(writer.items)
    })

    test('starts again when another writer took over from one that died', async () => {
      const first = await open()
      await first.replace()
      await first.append(['a'])
      const reader = reading()
      await reader.read()
      await harness().die(first.storage)
      const second = await open()
      await second.append(['b'])
      await second.replace()
      await second.append(['c'])
      expect(await reader.read()).toMatchObject({ continues: false })
      expect(reader.items).toEqual(second.items)
    })

    test.skipIf(sleepBeforeWriting)('finds everything that was stored, whatever step the writer is at', async () => {
      let isReading = false
      let steps = 0
      let stored: readonly string[] = []
      const follower = reading()
      const writer = await Session.open(
        harness().storage(async () => {
          if (!isReading) return
          steps++
          const fresh = reading()
          await fresh.read()
          expect(fresh.items).toEqual(stored)
          await follower.read()
          expect(follower.items).toEqual(stored)
        }),
      )
      await writer.replace()
      await writer.append(['a'])
      await writer.replace()
      isReading = true
      for (const value of ['b', 'c', 'd', 'e']) {
        stored = [...writer.items]
        await writer.append([value])
        stored = [...writer.items]
        await writer.replace()
      }
      expect(steps).toBeGreaterThanOrEqual(4 * (harness().leastChanges ?? 5))
    })

    test('always has what was stored before, under a writer that writes one snapshot after another', async () => {
      const writer = await open()
      await writer.replace()
      let isWriting = true
      const writing = (async () => {
        for (let i = 0; isWriting; i++) {
          await writer.append([i, 'x'.repeat(1_000)])
          await writer.replace()
        }
      })()
      const follower = reading()
      for (let i = 0; i < 20; i++) {
        const before = [...writer.items]
        const fresh = reading()
        for (const one of [fresh, follower]) {
          await one.read()
          expect(one.items.slice(0, before.length)).toEqual(before)
          expect(one.state?.notes).toEqual([])
        }
      }
      isWriting = false
      await writing
      await follower.read()
      expect(follower.items).toEqual(writer.items)
    })

    test('drops a torn tail and reads a damaged snapshot from the one before, without repairing them', async () => {
      const writer = await open()
      await writer.replace()
      await writer.append(['a', 'b'])
      await writer.replace()
      await writer.append(['c'])
      await writer.append(['d'])
      const items = [...writer.items]
      await harness().die(writer.storage)
      await tearTail(harness())
      await flipSnapshot(harness(), 'newest')
      const before = await harness().content()
      const reader = reading()
      await reader.read()
      expect(reader.items).toEqual(items.slice(0, reader.items.length))
      expect(reader.model.sequence).toBe(3)
      expect(reader.state?.notes).toEqual([expect.stringMatching(/is damaged or missing; the store was restored/)])
      expect(await harness().content()).toEqual(before)
    })

    test('reports a damaged record of the log', async () => {
      const writer = await open()
      await writer.replace()
      for (const value of ['a', 'b', 'c']) await writer.append([value], 'strict')
      await harness().die(writer.storage)
      await flipRecord(harness(), -2)
      await expect(reading().read()).rejects.toMatchObject({ code: 'CORRUPT_LOG' })
    })

    test('reports the loss of the whole store', async () => {
      const writer = await open()
      await writer.replace()
      await writer.close()
      await harness().wipe()
      await expect(reading().read()).rejects.toMatchObject({ code: 'STORE_MISSING' })
    })
  })
}
