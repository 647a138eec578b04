import type { ChromiumPage } from './chromium.ts'
import { Stage } from './stage.ts'

export const VIEWS = [
  'overview',
  'agents',
  'values',
  'experiences',
  'patterns',
  'recommend',
  'storage',
  'tables',
] as const
export type ViewName = (typeof VIEWS)[number]

/** A page with the inspector of a store in which a fleet has carried out `tasks` tasks. */
export async function inspected(tasks: number): Promise<{ readonly stage: Stage; readonly page: ChromiumPage }> {
  const stage = await Stage.set()
  const page = await (await stage.launch()).open(stage.server.origin)
  await page.run(async (tasks: number) => {
    globalThis.store = await learningStore.openLearningStore({ storage: 'indexeddb:qe-fleet', seed: 7 })
    await fleetOn(store, tasks)
    await inspect(store)
  }, tasks)
  return { stage, page }
}

/** Shows a view, and resolves when it has drawn its data. */
export async function settled(page: ChromiumPage, view: ViewName): Promise<void> {
  await page.tab.locator(`#tab-${view}`).click()
  await drawn(page, view)
}

/** Resolves when a view and its components have drawn their data. */
export async function drawn({ tab }: ChromiumPage, view: ViewName): Promise<void> {
  await tab.locator(`learning-${view}`).waitFor()
  await tab.waitForFunction(() => {
    const texts = (root: ParentNode): string =>
      [...root.querySelectorAll('*')]
        .map((element) => (element.shadowRoot ? element.shadowRoot.textContent + texts(element.shadowRoot) : ''))
        .join('')
    return !texts(document).includes('Loading …')
  })
}

/** Presses Tab until the focused element matches the selector. */
export async function tabTo({ tab }: ChromiumPage, selector: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await tab.keyboard.press(key)
    const isReached = await tab.evaluate((wanted) => {
      let active = document.activeElement
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
      return active?.matches(wanted) ?? false
    }, selector)
    if (isReached) return
  }
  throw new Error(`Expected the Tab key to reach ${selector}`)
}

/** Opens a view by keyboard, from the top of the page. */
export async function goTo(page: ChromiumPage, view: ViewName): Promise<void> {
  await page.tab.evaluate(() => {
    // As after loading the page: nothing has the focus.
    let active = document.activeElement
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
    if (active instanceof HTMLElement) active.blur()
    getSelection()?.setBaseAndExtent(document.body, 0, document.body, 0)
  })
  await tabTo(page, '[role=tab]')
  await page.tab.keyboard.press('Home')
  for (let i = 0; i < VIEWS.indexOf(view); i++) await page.tab.keyboard.press('ArrowRight')
  await drawn(page, view)
}
