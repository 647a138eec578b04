import type { ChromiumPage } from './chromium.ts'

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

/** Shows a view, and resolves when it has drawn what it read. */
export async function settled({ tab }: ChromiumPage, view: ViewName): Promise<void> {
  await tab.locator(`#tab-${view}`).click()
  await tab.locator(`learning-${view}`).waitFor()
  await tab.waitForFunction((name) => {
    const root = document.querySelector('learning-inspector')?.shadowRoot?.querySelector(`learning-${name}`)?.shadowRoot
    return root !== null && root !== undefined && !root.textContent?.includes('Reading …')
  }, view)
}
