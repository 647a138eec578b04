import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Durability } from '../../src/entry/node.ts'
import { report } from '../survival/environment.ts'
import type { Content } from './app/content.ts'
import type { Chromium, ChromiumPage } from './chromium.ts'
import { answered, beginToLearn, contentIn, learnAll, openIn, WALKER } from './in-page.ts'
import { Ledger } from './ledger.ts'
import { Stage } from './stage.ts'

const TABS = 4

let stage: Stage
let browser: Chromium
beforeEach(async () => {
  stage = await Stage.set()
  browser = await stage.launch()
})
afterEach(() => stage.clear())

/** Tabs that have one store open. */
async function openTabs(durability: Durability): Promise<[ChromiumPage, ...ChromiumPage[]]> {
  const open = async (): Promise<ChromiumPage> => {
    const page = await browser.open(stage.server.origin)
    answered(await openIn(page, { durability, seed: 1 }))
    return page
  }
  return [await open(), ...(await Promise.all(Array.from({ length: TABS - 1 }, open)))]
}

/** Lets each tab learn so many experiences, all at once, and resolves when every call has settled. */
async function learnInAll(tabs: readonly ChromiumPage[], each: number): Promise<void> {
  const chains = 10
  await Promise.all(tabs.map((tab, i) => learnAll(tab, { name: `tab-${i}`, chains, count: each / chains })))
}

/** Expects the store to hold what was told, each once, and what comes of it. */
function expectWhole(content: Content, message: string): void {
  const { acknowledged, refused } = stage.server.tellings.take()
  expect(refused, message).toEqual([])
  const ledger = new Ledger()
  ledger.acknowledge(acknowledged)
  expect(ledger.compare(content, message), message).toEqual([])
}

test('four tabs that learn 1,000 experiences each at once keep 4,000, and every tab was told of all of them', async () => {
  const tabs = await openTabs('relaxed')
  for (const tab of tabs) {
    await tab.run(() => {
      globalThis.heard = []
      // All commits: the last may be of a snapshot, which notes its sequence and touches no collection.
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
  // And the same once more by our own code, in one tab, in the order in which it was committed.
  expect(await tabs[0].run(valuesOfReplay, WALKER)).toEqual(content.values)
})

test('when the tab that opened the store is closed the others go on, and no call hangs', async () => {
  const [opener, ...others] = await openTabs('relaxed')
  await beginToLearn(opener, { name: 'opener', chains: 10 })
  const learning = learnInAll(others, 1_000)
  await stage.server.tellings.reach(500)
  await opener.tab.close()
  await learning
  const content = await contentIn(others[0] as ChromiumPage)
  const own = content.experiences.filter(({ id }) => id.startsWith('tab-'))
  expect(own).toHaveLength(others.length * 1_000)
  expectWhole(content, 'opener closed')
})

test('when the worker is killed every call settles, nothing is learned twice, and the store comes back', async () => {
  const tabs = await openTabs('strict')
  const learning = learnInAll(tabs, 1_000)
  // Without an id of the caller's, and what is not sent again: to store a pattern twice is not the same as once.
  const anonymous = Promise.all(tabs.map((tab) => tab.run(learnWithoutIds, 500)))
  const storing = Promise.all(tabs.map((tab) => tab.run(storePatterns, 500)))
  let killed = 0
  for (const acknowledgements of [500, 1_000, 2_000]) {
    await stage.server.tellings.reach(acknowledgements)
    killed += await browser.killSharedWorkers()
  }
  expect(killed).toBeGreaterThanOrEqual(3)
  await learning
  expect((await anonymous).flat()).toEqual([])
  expect(await tabs[0].run(() => store.experiences.count({ agentId: 'anonymous' }))).toBe(TABS * 500)
  const codes = (await storing).flat()
  expect(new Set(codes)).toEqual(new Set(['WORKER_LOST']))
  report(`worker killed ${killed} times under ${TABS} tabs: ${codes.length} of ${TABS * 500} patterns WORKER_LOST`)
  const content = await contentIn(tabs[0])
  expect(content.experiences).toHaveLength(TABS * 1_000)
  expectWhole(content, 'worker killed')
  for (const tab of tabs) expect((await contentIn(tab)).sequence).toBeGreaterThanOrEqual(content.sequence)
})

test('two tabs with a worker each: the second is told LOCKED, and gets the store when the first is closed', async () => {
  const [first, second] = [await browser.open(stage.server.origin), await browser.open(stage.server.origin)]
  answered(await openIn(first, { worker: 'dedicated' }))
  expect(await first.run(async () => (await store.status()).host)).toBe('dedicated-worker')
  await learnAll(first, { name: 'first', chains: 2, count: 50 })
  expect(await openIn(second, { worker: 'dedicated', lockTimeoutMs: 50 })).toMatchObject({ code: 'LOCKED' })
  await learnAll(first, { name: 'undisturbed', chains: 2, count: 50 })

  const opening = openIn(second, { worker: 'dedicated', lockTimeoutMs: 60_000 })
  await first.tab.close()
  const content = answered(await opening)
  expect(content.experiences).toHaveLength(200)
  expectWhole(content, 'second tab')
  await learnAll(second, { name: 'second', chains: 2, count: 50 })
  expect((await contentIn(second)).experiences).toHaveLength(300)
})

/** What this tab was told of, once it was told of the last commit. */
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

/** The values of a fresh store that learned what this one did. */
async function valuesOfReplay(agentId: string): Promise<unknown> {
  const { experiences } = await contentOf(store, agentId)
  const fresh = await learningStore.openLearningStore({ storage: 'indexeddb:fresh', seed: 1 })
  const agent = await fresh.agent(agentId, { algorithm: 'q-learning', explorationRate: 0 })
  for (const { agentId: _, timestamp, taskId, episodeId, behaviorProbability, actions, ...rest } of experiences) {
    await agent.learn({ ...rest, actions: actions ?? [] })
  }
  const { values } = await contentOf(fresh, agentId)
  await fresh.close()
  return values
}

/** Learns one experience after the other and leaves it to the store to name them; answers the codes of those refused. */
async function learnWithoutIds(count: number): Promise<readonly string[]> {
  const codes: string[] = []
  const agent = await store.agent('anonymous')
  for (let i = 0; i < count; i++) {
    const ended = await outcome(agent.learn({ state: i % 7, action: 'go', reward: 1, terminated: true }))
    if ('code' in ended) codes.push(ended.code)
  }
  return codes
}

/** Stores patterns one after the other; answers the codes of those refused. */
async function storePatterns(count: number): Promise<readonly string[]> {
  const codes: string[] = []
  for (let i = 0; i < count; i++) {
    const ended = await outcome(store.executionPatterns.add({ taskType: 'test', patternUsed: String(i) }))
    if ('code' in ended) codes.push(ended.code)
  }
  return codes
}

test('a shared worker that does not answer any more is left for another', async () => {
  const page = await browser.open(stage.server.origin)
  answered(await openIn(page))
  await learnAll(page, { name: 'before', chains: 1, count: 5 })
  // The worker lives as long as its page, but holds no storage.
  await page.run(() => store.close())
  expect(await browser.pauseSharedWorkers()).toBe(1)
  answered(await openIn(page))
  await learnAll(page, { name: 'after', chains: 1, count: 5 })
  // A tab that comes later meets the same silence, and finds the same other worker.
  const second = await browser.open(stage.server.origin)
  answered(await openIn(second))
  await learnAll(second, { name: 'second', chains: 1, count: 5 })
  const content = await contentIn(page)
  expect(content.experiences).toHaveLength(15)
  expectWhole(content, 'after the silence')
})
