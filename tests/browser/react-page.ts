import { type AsyncStore, type BrowserStoreOptions, deleteLearningStore, openLearningStore } from 'learning-store'
import { createElement, type ReactNode, StrictMode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, expect } from 'vitest'

export const STORAGE = 'indexeddb:react'
/** In this thread, and at once or not at all: a second store at the storage is refused. */
export const alone: BrowserStoreOptions = { storage: STORAGE, worker: false, lockTimeoutMs: 0 }

type Eventually = ReturnType<typeof expect.poll>

/** Where the components of a test are rendered. */
export interface Page {
  readonly container: HTMLElement
  readonly root: Root
  /** The reasons of unhandled rejections so far. After each test there must be none. */
  reported: unknown[]
  /** Renders under StrictMode. */
  strictly(node: ReactNode): void
  /** The text that is shown, as soon as it is the expected one. */
  shown(): Eventually
}

/** However busy the machine is. */
export const eventually = (what: () => unknown): Eventually => expect.poll(what)

/** Gives each test of the file an empty storage and a page of its own. */
export function page(): Page {
  let container: HTMLElement
  let root: Root
  const made: Page = {
    get container() {
      return container
    },
    get root() {
      return root
    },
    reported: [],
    strictly: (node) => root.render(createElement(StrictMode, null, node)),
    shown: () => eventually(() => container.textContent),
  }
  const report = (event: PromiseRejectionEvent): void => {
    made.reported.push(event.reason)
    event.preventDefault()
  }
  beforeEach(async () => {
    await deleteLearningStore(STORAGE)
    container = document.body.appendChild(document.createElement('div'))
    root = createRoot(container)
    made.reported = []
    addEventListener('unhandledrejection', report)
  })
  afterEach(() => {
    root.unmount()
    container.remove()
    removeEventListener('unhandledrejection', report)
    expect(made.reported).toEqual([])
  })
  return made
}

/** Learns in the state `s` of the agent `one`. */
export const learn = async (store: AsyncStore, action: string): Promise<unknown> =>
  (await store.agent('one')).learn({ state: 's', action, reward: 1, terminated: true })

/** Resolves when a store at the storage can be opened: none was left open. */
export async function expectFree(): Promise<void> {
  await (await openLearningStore({ ...alone, lockTimeoutMs: 2_000 })).close()
}
