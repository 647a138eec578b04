import { describe, expect, test } from 'vitest'
import { concat } from '../../src/persistence/log/frame.ts'
import { classify, Model, Session } from './session.ts'
import { flipSnapshot, type Harness } from './storage-under-test.ts'

/** What a wrapper around a storage may do to its calls: repeat, delay, overlap them. */
export function wrapperContract(harness: () => Harness): void {
  const open = (): Promise<Session> => Session.open(harness().storage())

  /** A store with a snapshot and two records. */
  async function begun(): Promise<Session> {
    const session = await open()
    await session.replace()
    await session.append(['a', 'b'])
    return session
  }

  async function expectItems(items: readonly string[]): Promise<Session> {
    const next = await open()
    expect(next.items).toEqual(items)
    expect(next.stored.notes).toEqual([])
    return next
  }

  describe('a wrapper', () => {
    test.each(['relaxed', 'strict'] as const)('may append records again that are stored (%s)', async (durability) => {
      const session = await begun()
      const records = session.encode(['c', 'd'])
      for (let i = 0; i < 3; i++) await session.storage.append(records, durability)
      await session.retry(durability)
      await session.append(['e'], durability)
      await harness().die(session.storage)
      await expectItems(session.items)
    })

    test('may repeat an append while the first one runs, and after a snapshot', async () => {
      const session = await begun()
      const records = session.encode(['c', 'd'])
      const running = Array.from({ length: 3 }, () => session.storage.append(records, 'strict'))
      await session.retry('strict')
      await Promise.all(running)
      await session.replace()
      await session.storage.append(records, 'relaxed')
      await session.append(['e'], 'strict')
      await session.storage.append(records, 'strict')
      await harness().die(session.storage)
      await expectItems(session.items)
    })

    test('that wrote records twice with an earlier version leaves a log that opens', async () => {
      const session = await begun()
      const before = await harness().readLog()
      await session.append(['c', 'd'], 'strict')
      const after = await harness().readLog()
      await harness().writeLog(concat([after, after.subarray(before.length)]))
      await harness().die(session.storage)
      const next = await expectItems(session.items)
      await next.append(['e'], 'strict')
      await harness().die(next.storage)
      await expectItems(next.items)
    })

    test('that wrote other records with the same sequences leaves a log that is refused', async () => {
      const session = await begun()
      const others = session.encode(['x', 'y'])
      session.encode(['c', 'd'])
      await session.retry('strict')
      await harness().writeLog(concat([await harness().readLog(), ...others]))
      await harness().die(session.storage)
      await expect(open()).rejects.toMatchObject({ code: 'CORRUPT_LOG' })
    })

    test('that loses records is noticed before anything is written', async () => {
      const session = await begun()
      const [, ...later] = session.encode(['c', 'd'])
      await expect(session.storage.append(later, 'strict')).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
      await harness().die(session.storage)
      await expectItems(session.items)
    })

    test.each([0, 1, 3])('may pass a snapshot on after %d appends that follow it', async (count) => {
      const session = await begun()
      const replace = session.beginReplace()
      for (let i = 0; i < count; i++) await session.append([`c${i}`, `d${i}`], 'strict')
      await replace()
      await session.append(['e', 'f'], 'strict')
      await harness().die(session.storage)
      const next = await expectItems(session.items)
      await next.append(['g'], 'strict')
      await next.replace()
      await next.append(['h'], 'strict')
      await harness().die(next.storage)
      await expectItems(next.items)
    })

    test('may pass many snapshots on late, and the log does not pile up', async () => {
      const session = await begun()
      const sizes: number[] = []
      for (let i = 0; i < 8; i++) {
        const replace = session.beginReplace()
        await session.append([`c${i}`, `d${i}`], 'strict')
        await replace()
        await session.append([`e${i}`], 'strict')
        sizes.push((await harness().content()).size)
      }
      expect(Math.max(...sizes)).toBe(sizes[3])
      await harness().die(session.storage)
      const next = await expectItems(session.items)
      await harness().die(next.storage)
      await flipSnapshot(harness(), 'newest')
      expect((await open()).items).toEqual(session.items)
    })

    test('may begin a snapshot while an append runs that follows it', async () => {
      const session = await begun()
      const replace = session.beginReplace()
      const appending = session.append(['c', 'd'], 'strict')
      const replacing = replace()
      await appending
      await session.append(['e'], 'strict')
      await replacing
      await session.append(['f'], 'strict')
      await harness().die(session.storage)
      await expectItems(session.items)
    })

    test('may pass on a snapshot that a later one has overtaken', async () => {
      const session = await begun()
      const early = session.beginReplace()
      await session.append(['c'], 'strict')
      await session.replace()
      await session.append(['d'], 'strict')
      await early()
      await session.append(['e'], 'strict')
      await harness().die(session.storage)
      const next = await expectItems(session.items)
      expect(next.stored.sequence).toBe(3)
    })

    test('may write two snapshots at a time', async () => {
      const session = await begun()
      const first = session.beginReplace()()
      await session.append(['c'])
      const second = session.beginReplace()()
      await session.append(['d'], 'strict')
      await Promise.all([first, second])
      await session.append(['e'], 'strict')
      await harness().die(session.storage)
      await expectItems(session.items)
    })

    test('may pass snapshots on late while a reader follows', async () => {
      const session = await begun()
      const reader = harness().storage()
      if (!reader.read) return
      let position = (await reader.read({ classify })).position
      const model = new Model()
      for (const { statements, sequence } of (await reader.read({ classify })).commits)
        model.apply({ statements, sequence })
      for (let i = 0; i < 6; i++) {
        const replace = session.beginReplace()
        await session.append([`c${i}`, `d${i}`])
        if (i % 2 === 0) await replace()
        await session.append([`e${i}`], 'strict')
        if (i % 2 === 1) await replace()
        const state = await reader.read({ classify, from: position })
        if (state.continues) for (const commit of state.commits) model.apply(commit)
        const now = state.continues ? model : Model.from({ ...state, wantsSnapshot: false })
        expect(now.items).toEqual(session.items)
        if (!state.continues) model.items.splice(0, model.items.length, ...now.items)
        model.sequence = now.sequence
        position = state.position
      }
    })
  })
}
