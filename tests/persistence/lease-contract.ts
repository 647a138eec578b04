import { describe, expect, test } from 'vitest'
import { Session } from './session.ts'
import { Gate, type Harness, type Limitations } from './storage-under-test.ts'

export function leaseContract(harness: () => Harness, limitations: Limitations): void {
  const open = (): Promise<Session> => Session.open(harness().storage())

  /** A writer with records, and the one that took its lease over. */
  async function takenOver(): Promise<{ sleeper: Session; successor: Session }> {
    const sleeper = await open()
    await sleeper.replace()
    await sleeper.append(['a', 'b'])
    await harness().die(sleeper.storage)
    const successor = await open()
    expect(successor.items).toEqual(sleeper.items)
    return { sleeper, successor }
  }

  describe('of two writers', () => {
    test('the second is refused after it has waited', async () => {
      const first = await open()
      await first.replace()
      const began = performance.now()
      const second = Session.open(harness().storage(), { lockTimeoutMs: 60 })
      await expect(second).rejects.toMatchObject({ code: 'LOCKED', message: expect.stringContaining('60 ms') })
      expect(performance.now() - began).toBeGreaterThan(50)
      await first.append(['a'])
      await first.close()
      expect((await open()).items).toEqual(['ADD a'])
    })

    test.each(['an empty storage', 'a store'])(
      'the second gets %s when the first gives it back meanwhile',
      async (what) => {
        const first = await open()
        if (what === 'a store') await first.replace()
        const second = Session.open(harness().storage(), { lockTimeoutMs: 60_000 })
        await expect(open()).rejects.toMatchObject({ code: 'LOCKED' })
        if (what === 'a store') await first.append(['a'])
        await first.close()
        expect((await second).items).toEqual(first.items)
        await (await second).replace()
      },
    )

    test.each([0, 60_000])('one of many takes over the storage of a dead one within %d ms', async (lockTimeoutMs) => {
      const first = await open()
      await first.replace()
      await first.append(['a'])
      await harness().die(first.storage)
      const storages = Array.from({ length: 6 }, () => harness().storage())
      let holders = 0
      const results = await Promise.allSettled(
        storages.map(async (storage) => {
          const session = await Session.open(storage, { lockTimeoutMs })
          holders++
          expect(holders).toBe(1)
          await session.append([session.items.length])
          if (lockTimeoutMs > 0) {
            holders--
            await session.close()
          }
        }),
      )
      const won = results.filter(({ status }) => status === 'fulfilled')
      expect(won).toHaveLength(lockTimeoutMs > 0 ? storages.length : 1)
      const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))
      expect(new Set(refused)).toEqual(new Set(lockTimeoutMs > 0 ? [] : ['LOCKED']))
    })

    test('a dead one is replaced, and its records stay', async () => {
      const { successor } = await takenOver()
      await successor.append(['c'])
      await successor.close()
      expect((await open()).items).toEqual(successor.items)
    })

    test('an opening that was refused holds no lease', async () => {
      const first = await open()
      await first.replace()
      await first.append(['a'])
      await first.close()
      const content = await harness().readSnapshot('newest')
      await harness().writeSnapshot('newest', undefined)
      for (let i = 0; i < 2; i++) await expect(open()).rejects.toMatchObject({ code: 'CORRUPT_SNAPSHOT' })
      await harness().writeSnapshot('newest', content)
      expect((await open()).items).toEqual(['ADD a'])
    })

    test('closing twice releases once', async () => {
      const first = await open()
      await first.close()
      const second = await open()
      await first.close()
      await expect(open()).rejects.toMatchObject({ code: 'LOCKED' })
      await second.replace()
    })
  })

  describe('a sleeper whose lease was taken over', () => {
    test.each(['relaxed', 'strict'] as const)('cannot append (%s)', async (durability) => {
      const { sleeper, successor } = await takenOver()
      await expect(sleeper.append(['late'], durability)).rejects.toMatchObject({ code: 'LEASE_LOST' })
      await successor.append(['c'])
      await expect(sleeper.append(['later'], durability)).rejects.toMatchObject({ code: 'LEASE_LOST' })
      await successor.close()
      expect((await open()).items).toEqual(successor.items)
    })

    test('leaves none of its appends, even if its successor appends nothing', async () => {
      const { sleeper, successor } = await takenOver()
      await expect(sleeper.append(['late'])).rejects.toMatchObject({ code: 'LEASE_LOST' })
      await successor.close()
      expect((await open()).items).toEqual(successor.items)
    })

    test('cannot replace the snapshot', async () => {
      const { sleeper, successor } = await takenOver()
      await successor.append(['c'])
      await expect(sleeper.replace()).rejects.toMatchObject({ code: 'LEASE_LOST' })
      await successor.append(['d'])
      await expect(sleeper.append(['late'])).rejects.toMatchObject({ code: 'LEASE_LOST' })
      await sleeper.close()
      await expect(open()).rejects.toMatchObject({ code: 'LOCKED' })
      await successor.append(['e'])
      await harness().die(successor.storage)
      expect((await open()).items).toEqual(successor.items)
    })

    test('does not affect what its successor writes long after', async () => {
      const { sleeper, successor } = await takenOver()
      for (let i = 0; i < 4; i++) {
        await successor.append([i])
        await successor.replace()
      }
      await successor.close()
      const last = await open()
      await last.replace()
      await expect(sleeper.append(['x', 'y', 'z', 1, 2, 3, 4])).rejects.toMatchObject({ code: 'LEASE_LOST' })
      await expect(sleeper.replace()).rejects.toMatchObject({ code: 'LEASE_LOST' })
      await last.close()
      expect((await open()).items).toEqual(successor.items)
    })

    const why = limitations.sleepBeforeWriting
    const title = 'does no harm when it wakes up between its check and its write'
    test.skipIf(why !== undefined)(why ? `${title} (cannot be: ${why})` : title, async () => {
      // Before each of its changes in turn, in front of successors that did more and more and closed or did not.
      for (let change = 1; change < 20; change++) {
        for (const did of [0, 1, 2, 3]) {
          for (const closes of [true, false]) {
            const slept = await sleepBefore(change, did, closes)
            if (slept) continue
            expect(change).toBeGreaterThan(harness().leastChanges ?? 5)
            return
          }
        }
      }
      throw new Error('Expected the changes of the sleeper to come to an end')
    })

    /** Answers false when the sleeper makes fewer changes than that. */
    async function sleepBefore(change: number, did: number, closes: boolean): Promise<boolean> {
      const about = `asleep before change ${change}, the successor did ${did} and ${closes ? 'closed' : 'goes on'}`
      const asleep = new Gate()
      const woken = new Gate()
      let left = Number.POSITIVE_INFINITY
      const sleeper = await Session.open(
        harness().storage(async () => {
          if (--left !== 0) return
          asleep.open()
          await woken.opened
        }),
      )
      await sleeper.replace()
      await sleeper.append(['a'])
      await sleeper.replace()
      await sleeper.append(['b', 'c'])
      left = change
      const outcome = sleeper.append(['late']).then(() => sleeper.replace().then(() => 'kept', String), String)
      if ((await Promise.race([outcome, asleep.opened])) === 'kept') {
        await sleeper.close()
        return false
      }
      await harness().die(sleeper.storage)
      const successor = await open()
      for (let i = 0; i < did; i++) {
        await successor.append([i, 'successor'])
        if (did > 1) await successor.replace()
      }
      if (closes) await successor.close()
      woken.open()
      expect(await outcome, about).not.toBe('kept')
      if (!closes) {
        await successor.append(['unharmed'])
        if (did > 2) await successor.replace()
        await successor.close()
      }
      const last = await open()
      expect(last.items, about).toEqual(successor.items)
      await last.append(['z'])
      await last.replace()
      await last.append(['z'])
      await last.close()
      const again = await open()
      expect(again.items, about).toEqual(last.items)
      await again.close()
      return true
    }
  })
}
