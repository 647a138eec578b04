import { describe, expect, test } from 'vitest'
import { Session } from './session.ts'
import { flipSnapshot, type Harness, type MakeHarness, Trap } from './storage-under-test.ts'

/** More changes than any storage makes in one call. */
const MOST_STEPS = 30

export function crashContract(makeHarness: MakeHarness): void {
  /** Runs `work` with the disk failing before the first change, the second, and so on, until it does not fail. */
  async function atEveryStep(work: (harness: Harness, trap: Trap, n: number) => Promise<boolean>): Promise<void> {
    for (let n = 1; n <= MOST_STEPS; n++) {
      const harness = await makeHarness()
      const failed = await work(harness, new Trap(), n)
      await harness.dispose()
      if (failed) continue
      expect(n).toBeGreaterThan(1)
      return
    }
    throw new Error(`Expected to come to an end within ${MOST_STEPS} changes`)
  }

  /** A session with two snapshots and records after each, whose next calls can be made to fail. */
  async function busy(harness: Harness, trap: Trap): Promise<Session> {
    const session = await Session.open(harness.storage(trap.step))
    await session.replace()
    await session.append(['a', 'b'])
    await session.replace()
    await session.append(['c'])
    await session.append(['d', 'e'], 'strict')
    return session
  }

  async function fails(work: Promise<unknown>): Promise<boolean> {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (error) expect(String(error)).toContain('The disk fails')
    return error !== undefined
  }

  async function expectToGoOn(harness: Harness, items: readonly string[]): Promise<void> {
    const second = await Session.open(harness.storage())
    expect(second.items).toEqual(items)
    await second.append(['further'])
    await second.replace()
    await second.append(['on'], 'strict')
    await second.close()
    const third = await Session.open(harness.storage())
    expect(third.items).toEqual(second.items)
    expect(third.stored.notes).toEqual([])
    await third.close()
  }

  describe('when the disk fails', () => {
    test('before any change of a snapshot and the writer dies, nothing is lost', () =>
      atEveryStep(async (harness, trap, n) => {
        const session = await busy(harness, trap)
        trap.arm(n)
        const failed = await fails(session.replace())
        trap.arm(0)
        await harness.die(session.storage)
        await expectToGoOn(harness, session.items)
        return failed
      }))

    test('before any change of a snapshot and the writer continues, nothing is lost', () =>
      atEveryStep(async (harness, trap, n) => {
        const session = await busy(harness, trap)
        trap.arm(n)
        const failed = await fails(session.replace())
        trap.arm(0)
        await session.append(['f'])
        await session.append(['g'], 'strict')
        if (n % 2 === 0) await session.replace()
        await session.append(['h'])
        await session.close()
        await expectToGoOn(harness, session.items)
        return failed
      }))

    test('before any change of the first snapshot, the storage opens again', () =>
      atEveryStep(async (harness, trap, n) => {
        const session = await Session.open(harness.storage(trap.step))
        trap.arm(n)
        const failed = await fails(session.replace())
        trap.arm(0)
        await harness.die(session.storage)
        await expectToGoOn(harness, [])
        return failed
      }))

    test('before any change of an opening that sets a snapshot aside, nothing is lost', async () => {
      for (let n = 1; n < 8; n++) {
        const harness = await makeHarness()
        const trap = new Trap()
        const { items, storage } = await busy(harness, trap)
        await harness.die(storage)
        await flipSnapshot(harness, 'newest')
        trap.arm(n)
        await Session.open(harness.storage(trap.step)).then(
          ({ storage }) => harness.die(storage),
          () => {},
        )
        trap.arm(0)
        await expectToGoOn(harness, items)
        await harness.dispose()
      }
    })

    test.each(['snapshot', 'head', 'publish'])('before "%s" of every snapshot, they do not pile up', async (step) => {
      const harness = await makeHarness()
      let fails = false
      const session = await Session.open(
        harness.storage((change) => {
          if (fails && change === step) throw new Error('The disk fails')
        }),
      )
      await session.replace()
      for (let i = 0; i < 8; i++) {
        await session.append([i])
        fails = i >= 2
        await session.replace().catch(() => {})
      }
      const snapshots = [...(await harness.content()).keys()].filter((name) => name.endsWith('snapshot'))
      expect(snapshots.length).toBeLessThanOrEqual(2)
      await harness.die(session.storage)
      fails = false
      await expectToGoOn(harness, session.items)
      await harness.dispose()
    })

    test('at an append, the same records can be appended again', async () => {
      const harness = await makeHarness()
      const trap = new Trap()
      const session = await busy(harness, trap)
      const before = [...session.items]
      trap.arm(1)
      expect(await fails(session.append(['f', 'g']))).toBe(true)
      expect(session.items).toEqual(before)
      await session.retry()
      await session.append(['h'])
      trap.arm(1)
      expect(await fails(session.append(['i'], 'strict'))).toBe(true)
      await session.retry('strict')
      await harness.die(session.storage)
      await expectToGoOn(harness, session.items)
      await harness.dispose()
    })
  })
}
