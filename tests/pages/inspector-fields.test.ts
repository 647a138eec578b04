import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Chromium, ChromiumPage } from './chromium.ts'
import { drawn, settled, type ViewName } from './inspecting.ts'
import { Stage } from './stage.ts'

let stage: Stage
let browser: Chromium
let page: ChromiumPage
beforeAll(async () => {
  stage = await Stage.set()
  browser = await stage.launch()
})
afterAll(() => stage.clear())
beforeEach(async () => {
  page = await browser.open(stage.server.origin)
  await page.run(async () => {
    globalThis.store = await learningStore.openLearningStore({ storage: 'memory:', worker: 'dedicated', seed: 7 })
    for (const id of ['m', 'n']) {
      const agent = await store.agent(id)
      await agent.learn({ state: { module: 'login' }, action: 'a', reward: 1, terminated: true })
    }
    await store.testPatterns.upsert({
      patternType: 'unit',
      framework: 'vitest',
      codeSignature: {},
      testTemplate: 'expect(1).toBe(1)',
      metadata: { name: 'one' },
    })
  })
})
afterEach(() => page.tab.close())

/** Shows a view of the store whose query results are held back until `deliver`. */
async function showHeld(view: ViewName): Promise<void> {
  await page.run(async (view: string) => {
    let isHeld = true
    const waiting: (() => void)[] = []
    const held: typeof store = Object.assign(Object.create(store), {
      ...store,
      live: ((query, listener, options) =>
        store.live(
          query,
          (value) => {
            if (isHeld) waiting.push(() => listener(value))
            else listener(value)
          },
          options,
        )) satisfies typeof store.live,
    })
    const deliver = (): void => {
      isHeld = false
      for (const notify of waiting.splice(0)) notify()
    }
    Object.assign(globalThis, { deliver })
    const inspector = await inspect(held)
    inspector.view = view
  }, view)
}

async function deliver(): Promise<void> {
  await page.run(() => Reflect.get(globalThis, 'deliver')())
}

/** Another agent learns. */
async function learnAs(id: string): Promise<void> {
  await page.run(async (id: string) => {
    const agent = await store.agent(id)
    await agent.learn({ state: { module: 'login' }, action: 'a', reward: 1, terminated: true })
  }, id)
}

/** Resolves when this agent can be selected. */
async function isSelectable(view: ViewName, id: string): Promise<void> {
  await page.tab.locator(`learning-${view} option[value="${id}"]`).first().waitFor({ state: 'attached' })
}

describe('the state in Recommend', () => {
  const field = () => page.tab.locator('learning-recommend input[list]')
  const known = (key: string) => page.tab.locator(`learning-recommend #states option[value="${key}"]`)

  test('is not suggested while the field has the focus', async () => {
    await showHeld('recommend')
    await field().focus()
    await deliver()
    await known('module:login').waitFor({ state: 'attached' })
    await drawn(page, 'recommend')
    expect(await field().inputValue()).toBe('')
    await page.tab.getByText('Enter a state').waitFor()
    await page.tab.keyboard.type('module:login')
    expect(await field().inputValue()).toBe('module:login')
    await page.tab.locator('[data-recommendation]').waitFor()
  })

  test('is suggested when an unedited field loses the focus', async () => {
    await showHeld('recommend')
    await field().focus()
    await deliver()
    await known('module:login').waitFor({ state: 'attached' })
    await field().blur()
    await expect.poll(() => field().inputValue()).toBe('module:login')
    await page.tab.locator('[data-recommendation]').waitFor()
  })

  test('stays empty after the user cleared the field', async () => {
    await showHeld('recommend')
    await deliver()
    await expect.poll(() => field().inputValue()).toBe('module:login')
    await field().fill('')
    await field().blur()
    await page.run(async () => {
      const agent = await store.agent('m')
      await agent.learn({ state: { a: 1 }, action: 'a', reward: 1, terminated: true })
    })
    await known('a:1').waitFor({ state: 'attached' })
    expect(await field().inputValue()).toBe('')
  })

  test('is suggested again for another agent', async () => {
    await showHeld('recommend')
    await deliver()
    await field().fill('module:search')
    const select = page.tab.locator('learning-recommend select[name=agentId]')
    await select.focus()
    await select.selectOption('n')
    await expect.poll(() => field().inputValue()).toBe('module:login')
  })
})

describe.each(['values', 'recommend'] as const)('the agent in %s', (view) => {
  const choice = () => page.tab.locator(`learning-${view} select[name=agentId]`)

  test('does not change when a new agent sorts before it', async () => {
    await showHeld(view)
    await deliver()
    await isSelectable(view, 'm')
    await choice().focus()
    await learnAs('a')
    await isSelectable(view, 'a')
    expect(await choice().inputValue()).toBe('m')
    await choice().selectOption('n')
    await choice().selectOption('m')
    await learnAs('b')
    await isSelectable(view, 'b')
    await drawn(page, view)
    expect(await choice().inputValue()).toBe('m')
  })
})

/** Edits every visible field of a view and returns their number. */
async function edit(view: ViewName): Promise<number> {
  const fields = page.tab.locator(`learning-${view}`).locator('input:visible, select:visible, textarea:visible')
  for (let i = 0; i < (await fields.count()); i++) {
    const field = fields.nth(i)
    const kind = await field.evaluate((element) => (element as HTMLInputElement).type)
    if (kind === 'select-one') await field.selectOption({ index: (await field.locator('option').count()) - 1 })
    else if (kind === 'checkbox') await field.check()
    else await field.fill(kind === 'number' ? '0.5' : 'typed')
  }
  return fields.count()
}

/** The values of the fields of a view. */
function valuesOf(view: ViewName): Promise<unknown> {
  return page.tab
    .locator(`learning-${view}`)
    .locator('input, select, textarea')
    .evaluateAll((fields) =>
      fields.map((field) => [(field as HTMLInputElement).value, (field as HTMLInputElement).checked]),
    )
}

test.each([
  ['values', 3],
  ['experiences', 5],
  ['patterns', 2],
  ['recommend', 3],
  ['storage', 3],
  ['tables', 2],
] as const)('later data does not overwrite an edited field of %s', async (view, count) => {
  await showHeld(view)
  await deliver()
  await settled(page, view)
  expect(await edit(view)).toBe(count)
  await drawn(page, view)
  const before = await valuesOf(view)
  await learnAs('a')
  if (view === 'tables') {
    const table = page.tab.locator('.names button', { has: page.tab.locator('bdi:text-is("learning_experiences")') })
    await expect.poll(() => table.locator('span').textContent()).toBe('3')
  } else await isSelectable(view, 'a')
  await drawn(page, view)
  expect(await valuesOf(view)).toEqual(before)
})
