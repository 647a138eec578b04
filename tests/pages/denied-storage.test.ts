import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Launch, Page } from './browser.ts'
import { Chromium } from './chromium.ts'
import { Firefox } from './firefox.ts'
import { Stage } from './stage.ts'

/** Pages to which the browser denies storage. Its interfaces are there all the same, and throw when they are used. */

let stage: Stage
beforeEach(async () => {
  stage = await Stage.set()
})
afterEach(() => stage.clear())

interface Denial {
  readonly launch: Launch
  /** Whether the page is a sandboxed document, which has no origin. */
  readonly isSandboxed?: boolean
  /** Whether the page is a frame of a page of another site. */
  readonly isFramed?: boolean
}

const DENIALS: { readonly [name: string]: Denial } = {
  'a sandboxed document in Chromium': { launch: Chromium.launch, isSandboxed: true },
  'a sandboxed document in Firefox': { launch: Firefox.launch, isSandboxed: true },
  'Chromium without cookies': { launch: Chromium.launchWithoutCookies },
  'Firefox without cookies': { launch: Firefox.launchWithoutCookies },
  'a frame of another site in Chromium without such cookies': {
    launch: Chromium.launchWithoutThirdPartyCookies,
    isFramed: true,
  },
}

describe.each(Object.entries(DENIALS))('in %s', (_, { launch, isSandboxed = false, isFramed = false }) => {
  let page: Page
  beforeEach(async () => {
    stage.server.faults = { isSandboxed }
    const browser = await stage.launchAs(launch)
    page = await browser.open(isFramed ? stage.server.framing : stage.server.origin)
  })

  test('every entry point rejects with UNSUPPORTED and says what to do', async () => {
    const ended = await page.run(tryAll)
    expect(Object.keys(ended)).toHaveLength(10)
    for (const [entry, { code, message }] of Object.entries(ended)) {
      expect(code, `${entry}: ${message}`).toBe('UNSUPPORTED')
      expect(message, entry).toContain("storage: 'memory:'")
    }
  })

  test('a store in memory works, and an agent learns', async () => {
    const learned = await page.run(async () => {
      const store = await learningStore.openLearningStore({ storage: 'memory:' })
      const agent = await store.agent('router')
      await agent.learn({ state: 's', action: 'a', reward: 1, terminated: true })
      const { host } = await store.status()
      const count = await store.experiences.count()
      await store.close()
      return { host, count }
    })
    expect(learned).toEqual({ host: 'local', count: 1 })
  })
})

/** Calls all that needs storage, and returns how each call ended. */
async function tryAll(): Promise<{ readonly [entry: string]: { readonly code: unknown; readonly message: string } }> {
  const { openLearningStore, deleteLearningStore, indexedDbStorage, LearningEngine } = learningStore
  const storage = 'indexeddb:denied'
  const entries: { readonly [entry: string]: () => Promise<unknown> } = {
    default: () => openLearningStore(),
    named: () => openLearningStore({ storage }),
    'a second time': () => openLearningStore({ storage }),
    shared: () => openLearningStore({ storage, worker: 'shared' }),
    dedicated: () => openLearningStore({ storage, worker: 'dedicated' }),
    local: () => openLearningStore({ storage, worker: false }),
    reader: () => openLearningStore({ storage, worker: false, readOnly: true }),
    adapter: () => openLearningStore({ storage: indexedDbStorage('denied') }),
    delete: () => deleteLearningStore(storage),
    agent: () => new LearningEngine('router').initialize(),
  }
  const ended: { [entry: string]: { code: unknown; message: string } } = {}
  for (const [name, call] of Object.entries(entries)) {
    ended[name] = await call().then(
      () => ({ code: 'resolved', message: '' }),
      ({ code, message }: { code: unknown; message: string }) => ({ code, message }),
    )
  }
  return ended
}
