import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/algorithms/random.ts'
import { Disk, whyNoDisk } from '../survival/disk.ts'
import { numberFrom, report, SEED } from '../survival/environment.ts'
import { ENGINES, type Engine } from './engines.ts'
import { answered, beginToLearn, openIn, STORAGE } from './in-page.ts'
import { Ledger } from './ledger.ts'
import { Stage } from './stage.ts'

const CUTS = numberFrom('LEARNING_STORE_BROWSER_POWER_CUTS', 2)
/** A profile and what a browser writes into it. */
const DISK_BYTES = '512M'

const OPTIONS = {
  durability: 'strict',
  seed: SEED,
  persistence: { snapshotAfterLogBytes: 1024, snapshotAfterIdleMs: 1 },
} as const

const reason = whyNoDisk()

describe.skipIf(reason !== undefined)(`a power cut${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  let stage: Stage
  let disk: Disk
  let profile: string
  beforeEach(async () => {
    stage = await Stage.set()
    disk = new Disk(DISK_BYTES)
    profile = join(disk.root, 'profile')
  })
  afterEach(async () => {
    await stage.clear()
    disk.remove()
  })

  /** Lets pages learn and cuts the power, again and again on one disk; after each cut everything acknowledged must be there. */
  async function cuts(engine: Engine, count: number): Promise<string> {
    const random = seededRandom(SEED, `browser power ${engine}`)
    disk.mount()
    const { reports, origin } = stage.server
    let ledger = new Ledger()
    const sum = { acknowledged: 0, placesLost: 0, notes: 0 }
    for (let i = 0; ; i++) {
      const message = `after ${i} cuts of seed ${SEED}, ${engine}`
      const browser = await stage.launchAs(ENGINES[engine], profile)
      const page = await browser.open(origin)
      let opened = await openIn(page, OPTIONS)
      // The browser itself may have thrown the database away: the store must say so, and never begin anew unasked.
      if ('code' in opened && opened.code === 'STORE_MISSING') {
        sum.placesLost++
        ledger = new Ledger()
        await page.run((storage: string) => learningStore.deleteLearningStore(storage), STORAGE)
        opened = await openIn(page, OPTIONS)
      }
      const content = answered(opened)
      expect(ledger.compare(content, message, isAboutSentinel), message).toEqual([])
      if (content.notes.length > 0) {
        sum.notes++
        // The opening that told it has made it anew.
        await page.run(() => store.close())
        expect(answered(await openIn(page, OPTIONS)).notes, message).toEqual([])
      }
      if (i === count) break

      const [chains, ballastBytes] = [1 + Math.floor(random.next() * 8), random.next() < 0.5 ? 30_000 : 0]
      await beginToLearn(page, { name: `cut-${i}`, chains, ballastBytes })
      await reports.reach(1 + Math.floor(random.next() * 150))
      await pause(random.next() * 20)
      const { acknowledged, refused } = reports.take()
      disk.cut()
      expect(refused, message).toEqual([])
      await browser.kill()
      // What was told after the cut does not count.
      reports.take()
      disk.unplug()
      disk.mount()
      ledger.acknowledge(acknowledged)
      sum.acknowledged += acknowledged.length
    }
    return `${count} cuts (seed ${SEED}), ${sum.acknowledged} acknowledged, 0 lost where the browser kept the database; it threw it away ${sum.placesLost} times, which the store told, and tore its memory of the store ${sum.notes} times`
  }

  const counts: readonly [Engine, number][] = [
    ['Chromium', CUTS],
    ['Firefox', Math.ceil(CUTS / 5)],
    ['WebKitGTK', Math.ceil(CUTS / 5)],
  ]
  // Only what hangs runs into it, however busy the machine is.
  const timeout = 600_000 + CUTS * 60_000
  test.each(counts)(
    'takes nothing that a strict store in %s acknowledged (%i cuts)',
    { timeout },
    async (engine, count) => {
      report(`browser power cut, ${engine}, strict: ${await cuts(engine, count)}`)
    },
  )

  test('takes what IndexedDB acknowledged without strict: a cut is a cut', async () => {
    // A slow machine would sync by itself meanwhile.
    disk.mount('ordered', 3_600)
    const browser = await stage.launch(profile)
    const page = await browser.open(stage.server.origin)
    await page.run(putAndCount, 'strict' as const, 1)
    expect(await page.run(putAndCount, 'relaxed' as const, 100)).toBe(101)
    disk.cut()
    await browser.kill()
    disk.unplug()
    disk.mount()
    const again = await (await stage.launch(profile)).open(stage.server.origin)
    expect(await again.run(putAndCount, 'strict' as const, 0)).toBeLessThan(101)
  })
})

/** A cut may tear the browser's Cache Storage too, where a store is expectedStore beside its database. */
function isAboutSentinel(note: string): boolean {
  return note.startsWith('Cache Storage')
}

/** Puts so many values into a database without our code, each in a transaction of its own; answers how many it holds. */
async function putAndCount(durability: IDBTransactionDurability, count: number): Promise<number> {
  const opening = indexedDB.open('bare')
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    opening.onupgradeneeded = () => opening.result.createObjectStore('values', { autoIncrement: true })
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error)
  })
  for (let i = 0; i < count; i++) {
    const transaction = database.transaction('values', 'readwrite', { durability })
    transaction.objectStore('values').add(i)
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve
      transaction.onabort = () => reject(transaction.error)
    })
  }
  const counting = database.transaction('values').objectStore('values').count()
  return new Promise((resolve, reject) => {
    counting.onsuccess = () => resolve(counting.result)
    counting.onerror = () => reject(counting.error)
  })
}
