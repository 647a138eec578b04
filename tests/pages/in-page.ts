import type { Content } from './app/content.ts'
import type { Options } from './app/globals.ts'
import type { Orders } from './app/learner.ts'
import type { Outcome } from './app/outcome.ts'
import type { Page } from './browser.ts'

/** The agent that walks in all these tests. */
export const WALKER = 'walker'
export const STORAGE = 'indexeddb:walks'

/** Opens the store that the page then has, and answers what it holds. */
export function openIn(page: Page, options: Options = {}): Promise<Outcome<Content>> {
  return page.run(
    (options: Options, agent: string) =>
      outcome(async () => {
        globalThis.store = await learningStore.openLearningStore(options)
        return contentOf(store, agent)
      }),
    { storage: STORAGE, durability: 'strict', ...options },
    WALKER,
  )
}

export function contentIn(page: Page): Promise<Content> {
  return page.run((agent: string) => contentOf(store, agent), WALKER)
}

/** Lets the page learn; what it learned it tells. */
export async function beginToLearn(page: Page, orders: Omit<Orders, 'agent'>): Promise<void> {
  await page.run((orders: Orders) => void learnOn(store, orders), { ...orders, agent: WALKER })
}

/** Lets the page learn, and resolves when every call of it has settled. */
export async function learnAll(page: Page, orders: Omit<Orders, 'agent'> & { count: number }): Promise<void> {
  await page.run((orders: Orders) => learnOn(store, orders), { ...orders, agent: WALKER })
}

/** What the call resolved with. */
export function answered<T>(ended: Outcome<T>): T {
  if ('value' in ended) return ended.value
  throw new Error(`Expected an answer, got ${ended.code}: ${ended.message}`)
}
