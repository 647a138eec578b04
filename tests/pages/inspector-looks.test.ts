import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChromiumPage } from './chromium.ts'
import { settled, VIEWS } from './inspecting.ts'
import { Stage } from './stage.ts'

/** A folder; screenshots are written only where it is given. */
const { SCREENSHOTS } = process.env
const TASKS = SCREENSHOTS ? 5_000 : 800

let stage: Stage
let page: ChromiumPage
beforeAll(async () => {
  stage = await Stage.set()
  page = await (await stage.launch()).open(stage.server.origin)
  await page.run(async (tasks: number) => {
    globalThis.store = await learningStore.openLearningStore({ place: 'indexeddb:qe-fleet', seed: 7 })
    await fleetOn(store, tasks)
    await inspect(store)
  }, TASKS)
  // The policy of the page forbids an inline script; this is none.
  await page.tab.evaluate(axe.source)
})
afterAll(() => stage.clear())

describe.each(VIEWS)('%s', (view) => {
  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 375],
    ['dark', 375],
  ] as const)('has nothing for axe to find: %s, %i px wide', async (colorScheme, width) => {
    const { tab } = page
    await tab.emulateMedia({ colorScheme })
    await tab.setViewportSize({ width, height: width < 600 ? 800 : 860 })
    await settled(page, view)
    if (SCREENSHOTS && (width > 600 || colorScheme === 'light')) {
      mkdirSync(SCREENSHOTS, { recursive: true })
      const name = `${view}-${width < 600 ? 'phone' : colorScheme}.png`
      await tab.screenshot({ path: join(SCREENSHOTS, name), fullPage: true })
    }
    const { violations } = await tab.evaluate(() =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }),
    )
    const found = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html, any }) => [html, any[0]?.message])])
    expect(found).toEqual([])
    const { scroll, client } = await page.run(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }))
    expect(scroll).toBeLessThanOrEqual(client)
  })
})
