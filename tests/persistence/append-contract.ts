import { describe, expect, test } from 'vitest'
import { Session } from './session.ts'
import type { Harness } from './storage-under-test.ts'

export function appendContract(harness: () => Harness): void {
  const open = (): Promise<Session> => Session.open(harness().storage())

  describe('persists', () => {
    test('nothing at first, and wants a snapshot', async () => {
      const { stored, storage } = await open()
      expect(stored).toEqual({ snapshot: undefined, sequence: undefined, commits: [], wantsSnapshot: true, notes: [] })
      await storage.close()
      expect((await open()).stored.snapshot).toBeUndefined()
    })

    test.each(['relaxed', 'strict'] as const)('every %s record', async (durability) => {
      const first = await open()
      await first.replace()
      await first.append(['a', 1, null], durability)
      await first.append([-0, new Uint8Array([0, 255])], durability)
      await first.append([], durability)
      await first.append(['\0 and 💾'], durability)
      await first.close()
      const second = await open()
      expect(second.items).toEqual(first.items)
      expect(second.stored).toMatchObject({ sequence: 0, wantsSnapshot: false, notes: [] })
      expect(second.stored.commits.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6])
      expect(second.stored.commits[3]?.statements[0]?.values).toEqual([-0])
    })

    test('the records of several openings without a snapshot between them', async () => {
      const first = await open()
      await first.replace()
      const items: string[] = []
      await first.close()
      for (let i = 0; i < 4; i++) {
        const session = await open()
        expect(session.items).toEqual(items)
        await session.append([`${i}`, 'again'])
        await session.append([i], 'strict')
        items.splice(0, items.length, ...session.items)
        await session.close()
      }
      expect((await open()).items).toEqual(items)
      expect(items).toHaveLength(4 * 3 + 6)
    })

    test('the newest snapshot instead of the records that it holds', async () => {
      const first = await open()
      await first.replace()
      await first.append(['a', 'b'])
      await first.replace()
      await first.close()
      const second = await open()
      expect(second.items).toEqual(first.items)
      expect(second.stored).toMatchObject({ sequence: 2, commits: [] })
    })

    test('records that are appended while a snapshot is being written, in the segment after it', async () => {
      const first = await open()
      await first.replace()
      await first.append(['before'])
      const replacing = first.replace()
      await first.append(['meanwhile'], 'strict')
      await replacing
      await first.append(['after'])
      await first.close()
      const second = await open()
      expect(second.items).toEqual(first.items)
      expect(second.stored.commits.map(({ sequence }) => sequence)).toEqual([2, 3])
    })

    test('bytes of its own: later changes by the caller have no effect', async () => {
      const first = await open()
      const snapshot = first.model.toSnapshot()
      await first.storage.replace(snapshot)
      snapshot.bytes.fill(0)
      await first.close()
      expect((await open()).items).toEqual([])
    })

    test('two snapshots and their records, however many were written', async () => {
      const first = await open()
      await first.replace()
      const names: number[] = []
      const bytes: number[] = []
      for (let i = 0; i < 24; i++) {
        await first.append([i])
        await first.replace()
        await first.append([i], 'strict')
        const content = await harness().content()
        names.push(content.size)
        bytes.push([...content.values()].reduce((sum, { length }) => sum + length, 0))
      }
      expect(new Set(names.slice(2)).size).toBe(1)
      // The list itself grows by some 40 bytes a round; a snapshot or segment left over would add hundreds.
      const growth = bytes.slice(3).map((size, i) => size - (bytes[i + 2] ?? 0))
      const text = (await harness().content()).size
      expect(text).toBe(names.at(-1))
      expect(Math.max(...growth)).toBeLessThan(800)
      await first.close()
      expect((await open()).items).toEqual(first.items)
    })
  })

  describe('reports', () => {
    test('the loss of the whole store', async () => {
      const first = await open()
      await first.append([])
      await first.replace()
      await first.append(['a'])
      await first.close()
      await harness().wipe()
      const lost = open()
      await expect(lost).rejects.toMatchObject({
        code: 'STORE_MISSING',
        message: expect.stringContaining('store model'),
      })
      await expect(open()).rejects.toMatchObject({ code: 'STORE_MISSING' })
    })
  })
}
