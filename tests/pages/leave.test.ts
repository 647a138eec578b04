import type { Page as Tab } from 'playwright'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seededRandom } from '../../src/algorithms/random.ts'
import type { Durability } from '../../src/entry/node.ts'
import { numberFrom, report, SEED } from '../survival/environment.ts'
import type { ChromiumPage } from './chromium.ts'
import { answered, beginToLearn, openIn } from './in-page.ts'
import { Ledger } from './ledger.ts'
import { Stage } from './stage.ts'

const TIMES = numberFrom('LEARNING_STORE_LEAVES', 3)

let stage: Stage
beforeEach(async () => {
  stage = await Stage.set()
})
afterEach(() => stage.clear())

const LEAVINGS: { readonly [name: string]: (tab: Tab, origin: string) => Promise<unknown> } = {
  'is reloaded': (tab) => tab.reload(),
  'goes elsewhere': (tab, origin) => tab.goto(`${origin}/elsewhere.html`),
  'is closed': (tab) => tab.close(),
}

/** Leaves the page again and again while it writes; answers how much was acknowledged, and how much of it is gone. */
async function leave(how: string, durability: Durability): Promise<{ acknowledged: number; lost: number }> {
  const random = seededRandom(SEED, `${how} ${durability}`)
  const ledger = new Ledger()
  const sum = { acknowledged: 0, lost: 0 }
  const browser = await stage.launch()
  let page: ChromiumPage | undefined
  for (let i = 0; i <= TIMES; i++) {
    const message = `leaving ${i} of seed ${SEED}: ${how}, ${durability}`
    page = page && !page.tab.isClosed() ? page : await browser.open(stage.server.origin)
    if (page.tab.url().includes('elsewhere')) await page.tab.goto(stage.server.origin)
    const lost = ledger.compare(answered(await openIn(page, { durability, seed: SEED })), message)
    if (durability === 'strict') expect(lost, message).toEqual([])
    sum.lost += lost.length
    // The last time it only looks.
    if (i === TIMES) break

    const chains = 1 + Math.floor(random.next() * 8)
    // Asking how far it is kept takes long enough for much of it to be kept: every other time it does not ask.
    await beginToLearn(page, { name: `visit-${i}`, chains, withStatus: durability === 'relaxed' && i % 2 === 0 })
    await stage.server.reports.reach(1 + Math.floor(random.next() * 100))
    await LEAVINGS[how]?.(page.tab, stage.server.origin)
    const { acknowledged, refused } = stage.server.reports.take()
    expect(refused, message).toEqual([])
    ledger.acknowledge(acknowledged)
    sum.acknowledged += acknowledged.length
  }
  return sum
}

test.each(Object.keys(LEAVINGS))('loses nothing that was acknowledged in strict when the page %s', async (how) => {
  const { acknowledged, lost } = await leave(how, 'strict')
  report(`leave, strict, page ${how} ${TIMES} times: ${lost} of ${acknowledged} lost`)
})

test.each(Object.keys(LEAVINGS))(
  'is whole when the page %s, and holds what a relaxed store called durable',
  async (how) => {
    const { acknowledged, lost } = await leave(how, 'relaxed')
    report(`leave, relaxed, page ${how} ${TIMES} times: ${lost} of ${acknowledged} lost`)
  },
)
