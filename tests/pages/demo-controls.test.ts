import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Controls } from '../../demo/fleet/controls.ts'
import type { AsyncStore } from '../../src/entry/browser.ts'
import { BASE, buildDemo } from './demo-site.ts'
import { Stage } from './stage.ts'

type FleetPage = Element & { readonly store: AsyncStore; readonly controls: Controls | undefined }

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

test('the speed slider of the fleet is not overwritten while it has the focus', async () => {
  const { tab } = await (await stage.launch()).open(`${stage.server.origin}${BASE}/index.html`)
  const slider = tab.locator('#speed')
  const controls = (): Promise<Controls | undefined> =>
    tab.evaluate(() => document.querySelector<FleetPage>('fleet-page')?.controls)
  /** Sets the speed as another tab does. */
  const setElsewhere = (tasksPerSecond: number): Promise<void> =>
    tab.evaluate(async (tasksPerSecond) => {
      const store = document.querySelector<FleetPage>('fleet-page')?.store
      const value = { isPaused: true, tasksPerSecond, resets: 0 }
      await store?.memory.as({ agentId: 'demo' }).set({ partition: 'demo', key: 'controls', value })
    }, tasksPerSecond)

  await slider.waitFor()
  await setElsewhere(10)
  await expect.poll(() => slider.inputValue()).toBe('20')
  await slider.focus()
  await setElsewhere(100)
  await expect.poll(async () => (await controls())?.tasksPerSecond).toBe(100)
  expect(await slider.inputValue()).toBe('20')
  await tab.keyboard.press('ArrowRight')
  expect(await slider.inputValue()).toBe('21')
  await expect.poll(async () => (await controls())?.tasksPerSecond).toBe(11)
  await setElsewhere(1_000)
  await expect.poll(async () => (await controls())?.tasksPerSecond).toBe(1_000)
  expect(await slider.inputValue()).toBe('21')
  // The user's speed was stored before, so the slider now follows the other tab.
  await slider.blur()
  await expect.poll(() => slider.inputValue()).toBe('60')
})
