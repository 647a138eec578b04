import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChromiumPage } from './chromium.ts'
import { Stage } from './stage.ts'

let stage: Stage
let page: ChromiumPage
beforeAll(async () => {
  stage = await Stage.set()
  page = await (await stage.launch()).open(stage.server.origin)
  await page.run(async () => {
    globalThis.store = await learningStore.openLearningStore({ place: 'indexeddb:fleet', seed: 7 })
    await fleetOn(store, 600)
    await inspect(store)
  })
})
afterAll(() => stage.clear())

describe('the overview', () => {
  test('has the numbers of the store', async () => {
    const { tab } = page
    const tile = (what: string) => tab.locator(`[data-count="${what}"]`)
    const { counts } = await page.run(() => store.status())
    await expect.poll(() => tile('experiences').textContent()).toBe(String(counts.experiences))
    expect(await tile('agents').textContent()).toBe('18')
    await expect.poll(() => tile('values').textContent()).toBe(String(counts.values))
    expect(await tile('test-patterns').textContent()).toBe('24')
  })
})
