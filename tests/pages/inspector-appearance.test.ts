import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChromiumPage } from './chromium.ts'
import { drawn, inspected, settled, VIEWS, type ViewName } from './inspecting.ts'
import type { Stage } from './stage.ts'

/** The folder for screenshots. Without it, none are taken. */
const { SCREENSHOTS } = process.env

let stage: Stage
let page: ChromiumPage
beforeAll(async () => {
  ;({ stage, page } = await inspected(SCREENSHOTS ? 5_000 : 800))
  // Evaluated, because the policy of the page forbids inline scripts.
  await page.tab.evaluate(axe.source)
})
afterAll(() => stage.clear())

/** Actions in a view before it is checked. */
const PREPARATIONS: { readonly [V in ViewName]?: () => Promise<void> } = {
  overview: async () => {
    await page.run(() => fleetOn(store, 40, 11))
    await page.tab.locator('.changes li').first().waitFor()
  },
  values: async () => {
    await page.tab.locator('td.best').first().click()
    await page.tab.locator('learning-values learning-rows').waitFor()
  },
  experiences: async () => {
    await page.tab.locator('tr[data-row="2"]').click()
    await page.tab.locator('dl.facts').waitFor()
  },
  patterns: async () => {
    await page.tab.locator('learning-test-patterns input').fill('login form')
    await page.tab.locator('mark').first().waitFor()
  },
  recommend: async () => {
    await page.tab.getByRole('button', { name: 'Estimate' }).click()
    await page.tab.locator('learning-what-if learning-rows').waitFor()
  },
  storage: async () => {
    await page.tab.getByRole('button', { name: 'Verify' }).click()
    await page.tab.getByText('Integrity check passed').waitFor()
  },
  tables: async () => {
    const { tab } = page
    await tab.locator('.names button', { hasText: 'q_values' }).first().click()
    await tab
      .locator('textarea')
      .fill(
        'SELECT agent_id, count(*) AS experiences, avg(reward) AS mean FROM learning_experiences GROUP BY agent_id ORDER BY mean DESC',
      )
    await tab.getByRole('button', { name: 'Run', exact: true }).click()
    await tab.locator('.plan').waitFor()
  },
}

describe.each(VIEWS)('%s', (view) => {
  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
    ['dark', 360],
  ] as const)('has no accessibility violations: %s, %i px wide', async (colorScheme, width) => {
    const { tab } = page
    await tab.emulateMedia({ colorScheme })
    await tab.setViewportSize({ width, height: width < 600 ? 800 : 860 })
    // From another view, so that it is created again.
    await settled(page, view === 'overview' ? 'agents' : 'overview')
    await settled(page, view)
    await PREPARATIONS[view]?.()
    await drawn(page, view)
    if (SCREENSHOTS && (width > 600 || colorScheme === 'light')) {
      mkdirSync(SCREENSHOTS, { recursive: true })
      const name = `inspector-${view}-${width < 600 ? 'phone' : colorScheme}.png`
      await tab.mouse.move(0, 0)
      // Not a full-page screenshot, which would reset scroll positions. Elements sized by the viewport grow with it.
      for (let before = 0, height = 860; height > before; ) {
        before = height
        height = await page.run(() => document.documentElement.scrollHeight)
        await tab.setViewportSize({ width, height })
      }
      await tab.screenshot({ path: join(SCREENSHOTS, name) })
    }
    const { violations, passes } = await tab.evaluate(() =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(document),
    )
    const details = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html, any }) => [html, any[0]?.message])])
    expect(details).toEqual([])
    // The check covers the view, not only the frame around it.
    const checked = passes.flatMap(({ nodes }) => nodes.flatMap(({ target }) => target.flat()))
    expect(checked).toContain(`learning-${view}`)
    const { scroll, client } = await page.run(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }))
    expect(scroll).toBeLessThanOrEqual(client)
  })
})
