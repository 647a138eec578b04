import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { report, SEED } from '../survival/environment.ts'
import type { Browser } from './browser.ts'
import { ENGINES, type Engine } from './engines.ts'
import { answered, beginToLearn, contentIn, learnAll, openIn, STORAGE } from './in-page.ts'
import { Ledger } from './ledger.ts'
import { Stage } from './stage.ts'

const KILLS = process.env.LEARNING_STORE_LONG ? 5 : 2

let stage: Stage
beforeEach(async () => {
  stage = await Stage.set()
})
afterEach(() => stage.clear())

describe.each(Object.keys(ENGINES) as Engine[])('in %s', (engine) => {
  const launch = (): Promise<Browser> => stage.launchAs(ENGINES[engine])

  test('two tabs share a store, and what they were told is there after the browser was killed', async () => {
    const { origin, reports } = stage.server
    const ledger = new Ledger()
    let opened = new Set<string>()
    for (let kill = 1; kill <= KILLS; kill++) {
      const browser = await launch()
      const [first, second] = [await browser.open(origin), await browser.open(origin)]
      expect(ledger.compare(answered(await openIn(first, { seed: SEED })), `before kill ${kill}`)).toEqual([])
      expect(ledger.compare(answered(await openIn(second, { seed: SEED })), `second tab, kill ${kill}`)).toEqual([])
      await learnAll(first, { name: `first-${kill}`, chains: 4, count: 5 })
      await learnAll(second, { name: `second-${kill}`, chains: 4, count: 5 })
      const [one, other] = [await contentIn(first), await contentIn(second)]
      expect(one).toEqual(other)
      for (const page of [first, second]) {
        const { host, state, sequence, durableSequence } = await page.run(() => store.status())
        expect([state, durableSequence]).toEqual(['clean', sequence])
        opened = opened.add(host)
      }
      await beginToLearn(first, { name: `killed-${kill}`, chains: 4 })
      await beginToLearn(second, { name: `killed-too-${kill}`, chains: 4 })
      await reports.reach(40 + 20 * kill)
      await browser.kill()
      const { acknowledged, refused } = reports.take()
      expect(refused).toEqual([])
      ledger.acknowledge(acknowledged)
    }
    const page = await (await launch()).open(origin)
    expect(ledger.compare(answered(await openIn(page, { seed: SEED })), 'at the end')).toEqual([])
    expect([...opened]).toEqual(['shared-worker'])
    report(`story, ${engine}: ${KILLS} kills, ${ledger.size} acknowledged, 0 lost; ran in a ${[...opened]}`)
  })

  test('a tab with a worker of its own locks the others out until it is closed', async () => {
    const browser = await launch()
    const [first, second] = [await browser.open(stage.server.origin), await browser.open(stage.server.origin)]
    answered(await openIn(first, { worker: 'dedicated' }))
    await learnAll(first, { name: 'first', chains: 4, count: 5 })
    expect(await openIn(second, { worker: 'dedicated', lockTimeoutMs: 50 })).toMatchObject({ code: 'LOCKED' })
    await first.run(() => store.close())
    expect(answered(await openIn(second, { worker: 'dedicated' })).experiences).toHaveLength(20)
  })

  test('a store whose database was removed is STORE_MISSING, and new when it was deleted by our own hand', async () => {
    const page = await (await launch()).open(stage.server.origin)
    answered(await openIn(page))
    await learnAll(page, { name: 'before', chains: 4, count: 5 })
    await page.run(async () => {
      await store.close()
      const names = (await indexedDB.databases()).flatMap(({ name }) => name ?? [])
      for (const name of names) {
        const deleting = indexedDB.deleteDatabase(name)
        await new Promise((resolve, reject) => {
          deleting.onsuccess = resolve
          deleting.onerror = () => reject(deleting.error)
        })
      }
    })
    expect(await openIn(page)).toMatchObject({ code: 'STORE_MISSING' })
    await page.run((storage: string) => learningStore.deleteLearningStore(storage), STORAGE)
    expect(answered(await openIn(page)).experiences).toEqual([])
  })
})
