import { afterEach, beforeEach, expect, test } from 'vitest'
import { answered, beginToLearn, contentIn, learnAll, openIn, STORAGE } from './in-page.ts'
import { Ledger } from './ledger.ts'
import { Stage } from './stage.ts'
import { until } from './until.ts'

const BACKLOG_BYTES = 20_000
/** Some room, so that it ends while the store writes: Chromium does not ask for the quota at every write. */
const QUOTA_BYTES = 2_000_000
const BALLAST_BYTES = 30_000

let stage: Stage
beforeEach(async () => {
  stage = await Stage.set()
})
afterEach(() => stage.clear())

test('a store without room says so, still reads, refuses past its backlog, and keeps all of it when there is room', async () => {
  const { origin, reports } = stage.server
  const browser = await stage.launch()
  const page = await browser.open(origin)
  const quota = await page.tab.context().newCDPSession(page.tab)
  const ledger = new Ledger()
  const learned = (): void => ledger.acknowledge(reports.take().acknowledged)
  const options = { durability: 'relaxed', seed: 1, persistence: { maxPendingBytes: BACKLOG_BYTES } } as const
  await quota.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: QUOTA_BYTES })
  answered(await openIn(page, options))
  await beginToLearn(page, { name: 'walk', chains: 1, ballastBytes: BALLAST_BYTES })
  const { reason } = await until(
    () => page.run(() => store.status()),
    ({ state }) => state === 'failing',
  )
  expect(reason).toMatch(/quota/i)
  expect(reason).toMatch(/\d+ bytes/)
  await reports.refuse(1)
  expect(new Set(reports.refused.map(({ code }) => code))).toEqual(new Set(['STORAGE_FULL']))
  expect(reports.acknowledged.length).toBeGreaterThan(0)
  learned()
  // Reads go on, and what is read is what was learned.
  const { experiences, sequence } = await contentIn(page)
  expect(experiences).toHaveLength(ledger.size)

  await quota.send('Storage.overrideQuotaForOrigin', { origin })
  const kept = await until(
    () => page.run(() => store.status()),
    ({ state }) => state === 'clean',
  )
  expect(kept.durableSequence).toBeGreaterThanOrEqual(sequence)
  expect(kept.reason).toBeUndefined()
  await page.tab.reload()
  const content = answered(await openIn(page, options))
  expect(ledger.compare(content, 'after the reload')).toEqual([])
  expect(content.experiences).toHaveLength(ledger.size)
  await learnAll(page, { name: 'after', chains: 1, count: 20 })
  expect((await contentIn(page)).experiences).toHaveLength(ledger.size + 20)
})

test('a strict store without room acknowledges nothing that it does not keep', async () => {
  const { origin, reports } = stage.server
  const page = await (await stage.launch()).open(origin)
  const quota = await page.tab.context().newCDPSession(page.tab)
  await quota.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: QUOTA_BYTES })
  answered(await openIn(page, { persistence: { maxPendingBytes: BACKLOG_BYTES } }))
  await beginToLearn(page, { name: 'walk', chains: 4, ballastBytes: BALLAST_BYTES })
  await reports.refuse(4)
  const { acknowledged, refused } = reports.take()
  expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['STORAGE_FULL']))
  // The worker ends with its only page, and with it what was not kept.
  await page.tab.reload()
  await quota.send('Storage.overrideQuotaForOrigin', { origin })
  const ledger = new Ledger()
  ledger.acknowledge(acknowledged)
  expect(ledger.compare(answered(await openIn(page)), STORAGE)).toEqual([])
})

test('a page without memory for SQLite is told so, and nothing hangs', async () => {
  const page = await (await stage.launch()).open(stage.server.origin)
  await page.run(() => {
    const taken: WebAssembly.Memory[] = []
    try {
      // Each takes the addresses of the largest that it may become.
      for (;;) taken.push(new WebAssembly.Memory({ initial: 1, maximum: 65_536 }))
    } catch {
      globalThis.taken = taken
    }
  })
  const message = expect.stringMatching(/SQLite did not start: RangeError.*memory/)
  for (const worker of ['shared', 'dedicated', false] as const) {
    for (let i = 0; i < 2; i++) expect(await openIn(page, { worker })).toMatchObject({ code: 'WORKER_LOST', message })
  }
})
