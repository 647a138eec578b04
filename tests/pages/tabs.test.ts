import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Durability } from '../../src/entry/node.ts'
import { report } from '../survival/environment.ts'
import type { Content } from './app/content.ts'
import type { Chromium, ChromiumPage } from './chromium.ts'
import { answered, beginToLearn, contentIn, learnAll, openIn, WALKER } from './in-page.ts'
import { Ledger } from './ledger.ts'
import { Stage } from './stage.ts'

const TABS = 4
const KILLS = 3

let stage: Stage
let browser: Chromium
beforeEach(async () => {
  stage = await Stage.set()
  browser = await stage.launch()
})
afterEach(() => stage.clear())

/** Opens the same store in several tabs. */
async function openTabs(durability: Durability): Promise<[ChromiumPage, ...ChromiumPage[]]> {
  const open = async (): Promise<ChromiumPage> => {
    const page = await browser.open(stage.server.origin)
    answered(await openIn(page, { durability, seed: 1 }))
    return page
  }
  return [await open(), ...(await Promise.all(Array.from({ length: TABS - 1 }, open)))]
}

/** Learns `each` experiences in every tab concurrently, and resolves when every call has settled. */
async function learnInAll(tabs: readonly ChromiumPage[], each: number, name = 'tab'): Promise<void> {
  const chains = 10
  await Promise.all(tabs.map((tab, i) => learnAll(tab, { name: `${name}-${i}`, chains, count: each / chains })))
}

/** Expects every acknowledged experience exactly once, and the values that follow from them. */
function expectWhole(content: Content, message: string): void {
  const { acknowledged, refused } = stage.server.reports.take()
  expect(refused, message).toEqual([])
  const ledger = new Ledger()
  ledger.acknowledge(acknowledged)
  expect(ledger.compare(content, message), message).toEqual([])
}

test('four tabs that learn 1,000 experiences each concurrently store 4,000, and every tab is notified of all of them', async () => {
  const tabs = await openTabs('relaxed')
  for (const tab of tabs) {
    await tab.run(() => {
      globalThis.heard = []
      // All commits: the last one may be that of a snapshot, which touches no collection.
      store.subscribe(({ sequence }) => heard.push(sequence))
    })
  }
  await learnInAll(tabs, 1_000)
  const { sequence, counts, host } = await tabs[0].run(() => store.status())
  expect([host, counts.experiences]).toEqual(['shared-worker', TABS * 1_000])
  const heards = await Promise.all(tabs.map((tab) => tab.run(heardUpTo, sequence)))
  const [first = []] = heards
  expect(first).toEqual([...new Set(first)].sort((a, b) => a - b))
  for (const heard of heards) expect(heard).toEqual(first)

  const content = await contentIn(tabs[0])
  expect(content.experiences).toHaveLength(TABS * 1_000)
  expectWhole(content, 'four tabs')
  // The same experiences in the same order in one tab give the same values.
  expect(await tabs[0].run(valuesOfReplay, WALKER)).toEqual(content.values)
})

test('when the tab that opened the store is closed the others go on, and no call hangs', async () => {
  const [opener, ...others] = await openTabs('relaxed')
  await beginToLearn(opener, { name: 'opener', chains: 10 })
  await Promise.all([learnInAll(others, 1_000), stage.server.reports.reach(500).then(() => opener.tab.close())])
  const content = await contentIn(others[0] as ChromiumPage)
  const own = content.experiences.filter(({ id }) => id.startsWith('tab-'))
  expect(own).toHaveLength(others.length * 1_000)
  expectWhole(content, 'opener closed')
})

test('when the worker is killed every call settles, nothing is learned twice, and the store comes back', async () => {
  const tabs = await openTabs('strict')
  const { reports } = stage.server
  const [each, anonymous] = [300, 150]
  const refusals: Refusal[] = []
  for (let kill = 1; kill <= KILLS; kill++) {
    // Acknowledgements of this round come from the worker that is then killed.
    const killing = reports.reach(reports.acknowledged.length + 100).then(() => browser.killSharedWorkers())
    const [killed, codes, refused] = await Promise.all([
      killing,
      Promise.all(tabs.map((tab) => tab.run(learnWithoutIds, anonymous))),
      Promise.all(tabs.map((tab) => tab.run(addPatternsUntilRefused))),
      learnInAll(tabs, each, `kill-${kill}`),
    ])
    expect(killed).toBeGreaterThanOrEqual(1)
    expect(codes.flat()).toEqual([])
    refusals.push(...refused)
    await reports.reach(kill * TABS * each)
  }
  expect(await tabs[0].run(() => store.experiences.count({ agentId: 'anonymous' }))).toBe(KILLS * TABS * anonymous)
  expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(['WORKER_LOST']))
  // A call whose worker was lost may have been carried out, at most once.
  const added = refusals.reduce((sum, refusal) => sum + refusal.added, 0)
  const stored = await tabs[0].run(() => store.executionPatterns.count())
  expect(stored).toBeGreaterThanOrEqual(added)
  expect(stored).toBeLessThanOrEqual(added + refusals.length)
  report(`worker killed ${KILLS} times under ${TABS} tabs: ${refusals.length} of ${added} patterns WORKER_LOST`)
  const content = await contentIn(tabs[0])
  expect(content.experiences).toHaveLength(KILLS * TABS * each)
  expectWhole(content, 'worker killed')
  for (const tab of tabs) expect((await contentIn(tab)).sequence).toBeGreaterThanOrEqual(content.sequence)
})

test('two tabs with a worker each: the second gets LOCKED, and the store when the first is closed', async () => {
  const [first, second] = [await browser.open(stage.server.origin), await browser.open(stage.server.origin)]
  answered(await openIn(first, { worker: 'dedicated' }))
  expect(await first.run(async () => (await store.status()).host)).toBe('dedicated-worker')
  await learnAll(first, { name: 'first', chains: 2, count: 50 })
  expect(await openIn(second, { worker: 'dedicated', lockTimeoutMs: 50 })).toMatchObject({ code: 'LOCKED' })
  await learnAll(first, { name: 'undisturbed', chains: 2, count: 50 })

  const opening = openIn(second, { worker: 'dedicated', lockTimeoutMs: 60_000 })
  const [opened] = await Promise.all([opening, first.tab.close()])
  const content = answered(opened)
  expect(content.experiences).toHaveLength(200)
  expectWhole(content, 'second tab')
  await learnAll(second, { name: 'second', chains: 2, count: 50 })
  expect((await contentIn(second)).experiences).toHaveLength(300)
})

/** The commits that this tab was notified of, up to the last one. */
async function heardUpTo(last: number): Promise<readonly number[]> {
  while (heard.at(-1) !== last) {
    await new Promise<void>((resolve) => {
      const { unsubscribe } = store.subscribe(() => {
        unsubscribe()
        resolve()
      })
    })
  }
  return heard
}

/** The values of a new store that learned the same experiences. */
async function valuesOfReplay(agentId: string): Promise<unknown> {
  const { experiences } = await contentOf(store, agentId)
  const fresh = await learningStore.openLearningStore({ storage: 'indexeddb:fresh', seed: 1 })
  const agent = await fresh.agent(agentId, { algorithm: 'q-learning', explorationRate: 0 })
  for (const {
    agentId: _,
    timestamp,
    taskId,
    episodeId,
    behaviorProbability,
    actions,
    nextActions,
    metadata: _metadata,
    ...rest
  } of experiences) {
    await agent.learn({ ...rest, actions: actions ?? [], nextActions: nextActions ?? [] })
  }
  const { values } = await contentOf(fresh, agentId)
  await fresh.close()
  return values
}

/** Learns experiences without ids one after the other. Returns the codes of those that were refused. */
async function learnWithoutIds(count: number): Promise<readonly string[]> {
  const codes: string[] = []
  const agent = await store.agent('anonymous')
  for (let i = 0; i < count; i++) {
    const ended = await outcome(agent.learn({ state: i % 7, action: 'go', reward: 1, terminated: true }))
    if ('code' in ended) codes.push(ended.code)
  }
  return codes
}

interface Refusal {
  readonly code: string
  /** The number of patterns added before. */
  readonly added: number
}

/** Adds patterns one after the other until one is refused. Adding is not idempotent, so it is not sent again. */
async function addPatternsUntilRefused(): Promise<Refusal> {
  for (let added = 0; ; added++) {
    const ended = await outcome(store.executionPatterns.add({ taskType: 'test', patternUsed: String(added) }))
    if ('code' in ended) return { code: ended.code, added }
  }
}

test('a shared worker that does not respond is replaced by another', async () => {
  const page = await browser.open(stage.server.origin)
  answered(await openIn(page))
  await learnAll(page, { name: 'before', chains: 1, count: 5 })
  // The worker lives as long as its page, but has no storage open.
  await page.run(() => store.close())
  expect(await browser.pauseSharedWorkers()).toBe(1)
  answered(await openIn(page))
  await learnAll(page, { name: 'after', chains: 1, count: 5 })
  // Another tab finds the same replacement.
  const second = await browser.open(stage.server.origin)
  answered(await openIn(second))
  await learnAll(second, { name: 'second', chains: 1, count: 5 })
  const content = await contentIn(page)
  expect(content.experiences).toHaveLength(15)
  expectWhole(content, 'after the silence')
})
