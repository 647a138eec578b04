import { describe, expect, test } from 'vitest'
import { Session } from './session.ts'
import { dropRecord, flipRecord, flipSnapshot, type Harness, tearTail } from './storage-under-test.ts'

export function damageContract(harness: () => Harness): void {
  const open = (): Promise<Session> => Session.open(harness().storage())

  /** A store with one snapshot and five writes after it, whose writer is dead. */
  async function deadWriter(): Promise<Session> {
    const session = await open()
    await session.replace()
    for (const value of ['a', 'b', 'c', 'd', 'e']) await session.append([value])
    await harness().die(session.storage)
    return session
  }

  /** A store with two snapshots, records before and after the newer one, that was closed. */
  async function twoSnapshots(): Promise<Session> {
    const session = await open()
    await session.replace()
    await session.append(['a', 'b'])
    await session.append(['c'])
    await session.replace()
    await session.append(['d'])
    await session.append(['e', 'f'])
    await session.close()
    return session
  }

  async function expectUnchanged(code: string): Promise<void> {
    const before = await harness().content()
    for (let i = 0; i < 2; i++) await expect(open()).rejects.toMatchObject({ code })
    expect(await harness().content()).toEqual(before)
  }

  describe('when the log is damaged', () => {
    test('a torn tail is dropped, and the store continues', async () => {
      const { items } = await deadWriter()
      await tearTail(harness())
      const second = await open()
      expect(second.items).toEqual(items.slice(0, 6))
      await second.append(['f'])
      await second.append(['g'], 'strict')
      await second.close()
      const third = await open()
      expect(third.items).toEqual(second.items)
      await third.append(['h'])
      await third.replace()
      await third.append(['i'])
      await third.close()
      expect((await open()).items).toEqual(third.items)
    })

    test('a last write of several records of which only the first is invalid is a torn tail', async () => {
      const session = await deadWriter()
      const next = await open()
      await next.append(['f'])
      await next.append(['g', 'h', 'i'])
      await harness().die(next.storage)
      await flipRecord(harness(), -3)
      expect((await open()).items).toEqual([...session.items, 'ADD f', 'NOTE 0 f,6'])
    })

    test('so is one that is the first of its segment', async () => {
      const session = await deadWriter()
      const next = await open()
      await next.append(['f', 'g', 'h'])
      await harness().die(next.storage)
      await flipRecord(harness(), -3)
      expect((await open()).items).toEqual(session.items)
    })

    test('a flipped byte in the last record drops it', async () => {
      const { items } = await deadWriter()
      await flipRecord(harness(), -1)
      expect((await open()).items).toEqual(items.slice(0, 6))
    })

    test.each([-2, -3, -4])('a flipped byte in record %d from the end is refused', async (fromEnd) => {
      await deadWriter()
      await flipRecord(harness(), fromEnd)
      await expectUnchanged('CORRUPT_LOG')
    })

    test('a missing record is refused', async () => {
      await deadWriter()
      await dropRecord(harness(), -3)
      await expectUnchanged('CORRUPT_LOG')
    })

    test('it does not matter if a snapshot holds the records', async () => {
      const session = await deadWriter()
      const next = await open()
      await next.append(['f'])
      await next.append(['g'])
      await flipRecord(harness(), -2)
      await next.replace()
      await next.close()
      const last = await open()
      expect(last.items).toEqual([...session.items, 'ADD f', 'NOTE 0 f,6', 'ADD g'])
      expect(last.stored.notes).toEqual([])
    })
  })

  describe('when a snapshot is damaged', () => {
    const damages = {
      'a flipped byte in': () => flipSnapshot(harness(), 'newest'),
      'the loss of': () => harness().writeSnapshot('newest', undefined),
      'the truncation of': async () => harness().writeSnapshot('newest', new Uint8Array(3)),
    }

    test.each(Object.entries(damages))('%s the newest one costs nothing', async (_, damage) => {
      const { items } = await twoSnapshots()
      await damage()
      const second = await open()
      expect(second.items).toEqual(items)
      expect(second.stored.sequence).toBe(0)
      expect(second.stored.wantsSnapshot).toBe(true)
      expect(second.stored.notes).toEqual([expect.stringContaining('set aside')])
      await second.append(['g'])
      await second.replace()
      await second.append(['h'])
      await second.close()
      const third = await open()
      expect(third.items).toEqual(second.items)
      expect(third.stored.notes).toEqual([])
    })

    test('the older one and the log yield the same store repeatedly', async () => {
      const { items } = await twoSnapshots()
      await flipSnapshot(harness(), 'newest')
      const second = await open()
      await harness().die(second.storage)
      const third = await open()
      expect(third.items).toEqual(items)
      await third.append(['g'])
      await harness().die(third.storage)
      expect((await open()).items).toEqual([...items, 'ADD g'])
    })

    test('the older one and a log that does not reach as far as the newest are refused', async () => {
      const session = await open()
      await session.replace()
      await session.append(['a'])
      await session.append(['b'])
      await tearTail(harness())
      await session.replace()
      await harness().die(session.storage)
      await flipSnapshot(harness(), 'newest')
      await expectUnchanged('CORRUPT_LOG')
    })

    test('both of them damaged are refused', async () => {
      await twoSnapshots()
      await flipSnapshot(harness(), 'older')
      await flipSnapshot(harness(), 'newest')
      await expectUnchanged('CORRUPT_SNAPSHOT')
    })

    test('the older one does not matter while the newest is whole', async () => {
      const { items } = await twoSnapshots()
      await flipSnapshot(harness(), 'older')
      const second = await open()
      expect(second.items).toEqual(items)
      expect(second.stored.notes).toEqual([])
    })
  })
}
