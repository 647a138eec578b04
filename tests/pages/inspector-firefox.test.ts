import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { AsyncStore } from '../../src/entry/browser.ts'
import type { LearningInspector } from '../../src/inspector/learning-inspector.ts'
import type { Page } from './browser.ts'
import { BASE, buildDemo } from './demo-site.ts'
import { Firefox } from './firefox.ts'
import { Stage } from './stage.ts'

const VIEWS = ['overview', 'agents', 'values', 'experiences', 'patterns', 'recommend', 'storage', 'tables'] as const

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

/** The page of the fleet after some tasks, paused, with the inspector open. */
async function openInspector(): Promise<Page> {
  const page = await (await stage.launchAs(Firefox.launch)).open(`${stage.server.origin}${BASE}/index.html`)
  const tasks = (): Promise<number> =>
    page.run(() => Number(document.querySelector('#tasks')?.textContent?.replace(',', '')))
  await expect.poll(tasks).toBeGreaterThan(40)
  await page.run(() => {
    document.querySelector<HTMLElement>('#pause')?.click()
    document.querySelector<HTMLElement>('store-panel summary')?.click()
  })
  await expect.poll(() => page.run(() => document.querySelector('learning-inspector') !== null)).toBe(true)
  return page
}

/** The text of a view, and the number of errors in it. */
function contentOfView(view: string): {
  readonly text: string
  readonly problems: number
  readonly selected: string | null
} {
  const inspector = document.querySelector('learning-inspector') as LearningInspector
  inspector.view = view
  const roots: ShadowRoot[] = []
  const collect = (root: ShadowRoot | null): void => {
    if (!root) return
    roots.push(root)
    for (const element of root.querySelectorAll('*')) collect(element.shadowRoot)
  }
  collect(inspector.shadowRoot?.querySelector(`learning-${view}`)?.shadowRoot ?? null)
  const text = roots.flatMap((root) => [...root.children].map((child) => child.textContent)).join(' ')
  const problems = roots.reduce((sum, root) => sum + root.querySelectorAll('.problem').length, 0)
  const selected = inspector.shadowRoot?.querySelector('[aria-selected="true"]')?.textContent?.trim() ?? null
  return { text, problems, selected }
}

test('in Firefox every view of the inspector shows the store, without an error', async () => {
  const page = await openInspector()
  for (const view of VIEWS) {
    const settled = async (): Promise<boolean> => {
      const { text } = await page.run(contentOfView, view)
      return text.length > 40 && !text.includes('Loading …')
    }
    await expect.poll(settled, { message: view }).toBe(true)
    const { problems, selected } = await page.run(contentOfView, view)
    expect([view, problems, selected?.toLowerCase()]).toEqual([view, 0, view])
  }
  const experiences = await page.run(() => {
    const { store } = document.querySelector('fleet-page') as unknown as { store: AsyncStore }
    return store.experiences.count()
  })
  const isShown = async (): Promise<boolean> =>
    (await page.run(contentOfView, 'overview')).text.includes(experiences.toLocaleString('en-US'))
  await expect.poll(isShown).toBe(true)
})
