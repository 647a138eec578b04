import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { AsyncStore } from '../../src/entry/browser.ts'
import type { LearningInspector } from '../../src/inspector/learning-inspector.ts'
import type { Page } from './browser.ts'
import { BASE, buildDemo } from './demo-site.ts'
import { Firefox } from './firefox.ts'
import { Stage } from './stage.ts'

const VIEWS = ['overview', 'agents', 'values', 'experiences', 'patterns', 'recommend', 'storage', 'tables'] as const
const SLOW = { timeout: 60_000 }

let site: ReturnType<typeof buildDemo>
let stage: Stage
beforeAll(() => {
  site = buildDemo()
})
afterAll(() => site.remove())
beforeEach(async () => {
  stage = await Stage.set(site.path)
})
afterEach(() => stage.clear())

/** The fleet's page, once it has done some tasks, paused, with its store looked into. */
async function lookedInto(): Promise<Page> {
  const page = await (await stage.launchAs(Firefox.launch)).open(`${stage.server.origin}${BASE}/index.html`)
  const tasks = (): Promise<number> =>
    page.run(() => Number(document.querySelector('#tasks')?.textContent?.replace(',', '')))
  await expect.poll(tasks, SLOW).toBeGreaterThan(40)
  await page.run(() => {
    document.querySelector<HTMLElement>('#pause')?.click()
    document.querySelector<HTMLElement>('store-panel summary')?.click()
  })
  await expect.poll(() => page.run(() => document.querySelector('learning-inspector') !== null)).toBe(true)
  return page
}

/** What a view shows: all its text, and the errors in it. */
function shown(view: string): { readonly text: string; readonly problems: number; readonly chosen: string | null } {
  const inspector = document.querySelector('learning-inspector') as LearningInspector
  inspector.view = view
  const roots: ShadowRoot[] = []
  const look = (root: ShadowRoot | null): void => {
    if (!root) return
    roots.push(root)
    for (const element of root.querySelectorAll('*')) look(element.shadowRoot)
  }
  look(inspector.shadowRoot?.querySelector(`learning-${view}`)?.shadowRoot ?? null)
  const text = roots.flatMap((root) => [...root.children].map((child) => child.textContent)).join(' ')
  const problems = roots.reduce((sum, root) => sum + root.querySelectorAll('.problem').length, 0)
  const chosen = inspector.shadowRoot?.querySelector('[aria-selected="true"]')?.textContent?.trim() ?? null
  return { text, problems, chosen }
}

test('in Firefox every view of the inspector shows the store, without an error', async () => {
  const page = await lookedInto()
  for (const view of VIEWS) {
    const settled = async (): Promise<boolean> => {
      const { text } = await page.run(shown, view)
      return text.length > 40 && !text.includes('Reading …')
    }
    await expect.poll(settled, { message: view, ...SLOW }).toBe(true)
    const { problems, chosen } = await page.run(shown, view)
    expect([view, problems, chosen?.toLowerCase()]).toEqual([view, 0, view])
  }
  const experiences = await page.run(() => {
    const { store } = document.querySelector('fleet-page') as unknown as { store: AsyncStore }
    return store.experiences.count()
  })
  const told = async (): Promise<boolean> =>
    (await page.run(shown, 'overview')).text.includes(experiences.toLocaleString('en-US'))
  await expect.poll(told, SLOW).toBe(true)
})
