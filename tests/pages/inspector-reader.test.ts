import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ChromiumPage } from './chromium.ts'
import { settled } from './inspecting.ts'
import { Stage } from './stage.ts'

let stage: Stage
let writing: ChromiumPage
let page: ChromiumPage
beforeAll(async () => {
  stage = await Stage.set()
  const browser = await stage.launch()
  writing = await browser.open(stage.server.origin)
  await writing.run(async () => {
    globalThis.store = await learningStore.openLearningStore({ storage: 'indexeddb:own', worker: 'dedicated' })
  })
  await learn()
  page = await browser.open(stage.server.origin)
})
afterAll(() => stage.clear())

async function learn(): Promise<void> {
  await writing.run(async () => {
    const agent = await store.agent('router')
    await agent.learn({ state: 'busy', action: 'queue', reward: 1, terminated: true })
    await store.flush()
  })
}

test('the inspector follows a store that the worker of another page has open', async () => {
  await page.run(async () => {
    globalThis.store = await learningStore.openLearningStore({ storage: 'indexeddb:own', readOnly: true })
    await inspect(store)
  })
  const experiences = page.tab.locator('[data-count="experiences"]')
  await expect.poll(() => experiences.textContent()).toBe('1')
  await learn()
  await expect.poll(() => experiences.textContent()).toBe('2')
  expect(await page.tab.locator('.storage').textContent()).toContain('read-only')
  await settled(page, 'storage')
  await page.tab.getByText('read-only: another page or worker may write').waitFor()
  expect(await page.tab.locator('learning-import').count()).toBe(0)
  expect(await page.tab.getByRole('button').allTextContents()).not.toContain('Flush')
})
