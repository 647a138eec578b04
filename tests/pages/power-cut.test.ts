import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Random, seededRandom } from '../../src/algorithms/random.ts'
import { Disk, whyNoDisk } from '../survival/disk.ts'
import { numberFrom, report, SEED } from '../survival/environment.ts'
import type { Acknowledged } from './app/learner.ts'
import { ENGINES, type Engine } from './engines.ts'
import { answered, beginToLearn, openIn, PLACE } from './in-page.ts'
import { Ledger } from './ledger.ts'
import { Stage } from './stage.ts'

const CUTS = numberFrom('LEARNING_STORE_BROWSER_POWER_CUTS', 5)
/** A profile and what a browser writes into it. */
const DISK_BYTES = '512M'

const reason = whyNoDisk()

describe.skipIf(reason !== undefined)(`a power cut${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  let stage: Stage
  let disk: Disk
  let profile: string
  beforeEach(async () => {
    stage = await Stage.set()
    disk = new Disk(DISK_BYTES)
    profile = join(disk.root, 'profile')
    disk.mount()
  })
  afterEach(async () => {
    await stage.clear()
    disk.remove()
  })

  /** Lets a page learn on what the disk holds, cuts the power, and starts the machine again. */
  async function cut(engine: Engine, random: Random, ledger: Ledger, name: string): Promise<Cut> {
    const message = `${name} of seed ${SEED}, ${engine}`
    const browser = await stage.launchAs(ENGINES[engine], profile)
    const page = await browser.open(stage.server.origin)
    const opened = await openIn(page, { seed: SEED, keeping: { logBytes: 1024, idleMs: 1 } })
    // The browser itself may have thrown the database away; the store must say so then, and never begin anew.
    if ('code' in opened && opened.code === 'PLACE_LOST') return { acknowledged: [], isPlaceLost: true, notes: [] }
    const content = answered(opened)
    expect(ledger.compare(content, message, isAboutSentinel), message).toEqual([])
    const ballastBytes = random.next() < 0.5 ? 30_000 : 0
    await beginToLearn(page, { name, chains: 1 + Math.floor(random.next() * 8), ballastBytes })
    await stage.server.tellings.reach(1 + Math.floor(random.next() * 150))
    await pause(random.next() * 20)
    const { acknowledged, refused } = stage.server.tellings.take()
    disk.cut()
    expect(refused, message).toEqual([])
    await browser.kill()
    // What was told after the cut does not count.
    stage.server.tellings.take()
    disk.unplug()
    disk.mount()
    ledger.acknowledge(acknowledged)
    return { acknowledged, isPlaceLost: false, notes: content.notes }
  }

  const counts: readonly [Engine, number][] = [
    ['Chromium', CUTS],
    ['Firefox', Math.ceil(CUTS / 5)],
    ['WebKitGTK', Math.ceil(CUTS / 5)],
  ]
  test.each(counts)(
    'takes nothing that a strict store in %s acknowledged (%i cuts)',
    async (engine, count) => {
      const random = seededRandom(SEED, `browser power ${engine}`)
      const sum = { acknowledged: 0, placesLost: 0, notes: 0 }
      let ledger = new Ledger()
      // One more, that nothing follows, looks at what the last cut left.
      for (let i = 1; i <= count + 1; i++) {
        const { acknowledged, isPlaceLost, notes } = await cut(engine, random, ledger, `cut-${i}`)
        sum.acknowledged += acknowledged.length
        sum.notes += notes.length
        if (!isPlaceLost) continue
        sum.placesLost++
        ledger = new Ledger()
        await forget()
      }
      report(
        `browser power cut, ${engine}, strict: ${count} cuts (seed ${SEED}), ${sum.acknowledged} acknowledged, 0 lost; the browser threw the database away ${sum.placesLost} times, which the store told, and its memory of the store ${sum.notes} times`,
      )

      async function forget(): Promise<void> {
        const page = await (await stage.launchAs(ENGINES[engine], profile)).open(stage.server.origin)
        await page.run((place: string) => learningStore.deleteLearningStore(place), PLACE)
      }
    },
    60_000 + CUTS * 20_000,
  )

  test('takes what IndexedDB acknowledged without strict: a cut is a cut', async () => {
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

interface Cut {
  readonly acknowledged: readonly Acknowledged[]
  readonly isPlaceLost: boolean
  readonly notes: readonly string[]
}

/** A cut may tear the browser's Cache Storage too, where a store is remembered beside its database. */
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
