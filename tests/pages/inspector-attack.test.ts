import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ChromiumPage } from './chromium.ts'
import { settled, VIEWS } from './inspecting.ts'
import { Stage } from './stage.ts'

const ATTACKS: readonly string[] = [
  '<script>globalThis.fooled = 1</script>',
  '<img src=x onerror="globalThis.fooled = 1">',
  '"><svg onload=alert(1)><iframe srcdoc="<script>alert(1)</script>">',
  "javascript:alert('1')",
  '</style><style>* { display: none }</style>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as a template would have it
  '${alert(1)}{{constructor.constructor("alert(1)")()}}',
  '\u202Egnp.exe\u2066\u202E reversed \u200B\u200F',
  `${'Donaudampfschifffahrt'.repeat(60)}`,
  '👩‍👩‍👧‍👦🏳️‍🌈'.repeat(40),
  'a\nb\tc\u0001d',
  "'; DROP TABLE q_values; --",
  '__proto__',
]

let stage: Stage
let page: ChromiumPage
const dialogs: string[] = []
beforeAll(async () => {
  stage = await Stage.set()
  page = await (await stage.launch()).open(stage.server.origin)
  page.tab.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  await page.run(async (attacks: readonly string[]) => {
    Object.assign(globalThis, { broken: [] })
    addEventListener('securitypolicyviolation', ({ violatedDirective }) =>
      Reflect.get(globalThis, 'broken').push(violatedDirective),
    )
    globalThis.store = await learningStore.openLearningStore({ storage: 'memory:', worker: 'dedicated', seed: 7 })
    for (const attack of attacks) await spoil(store, attack)
    await inspect(store)
  }, ATTACKS)
})
afterAll(() => stage.clear())

/** Elements and addresses that the inspector does not create, and whether the page is too wide. */
async function intrusions(): Promise<unknown> {
  return page.tab.evaluate(() => {
    const foreign: string[] = []
    const check = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        const isOurs =
          !/^(SCRIPT|IFRAME|IMG|OBJECT|EMBED|STYLE|LINK|FORM)$/.test(element.tagName) ||
          (element.tagName === 'FORM' && element.getAttribute('role') === 'search')
        const handlers = element.getAttributeNames().filter((name) => name.startsWith('on'))
        if (!isOurs || handlers.length > 0) foreign.push(`${element.tagName} ${handlers}`)
        const { href } = element as HTMLAnchorElement
        if (typeof href === 'string' && href !== '' && !href.startsWith('blob:')) foreign.push(href)
        if (element.shadowRoot) check(element.shadowRoot)
      }
    }
    check(document.body)
    const { scrollWidth, clientWidth } = document.documentElement
    return {
      foreign,
      isTooWide: scrollWidth > clientWidth,
      fooled: Reflect.get(globalThis, 'fooled') ?? null,
      broken: Reflect.get(globalThis, 'broken'),
    }
  })
}

const HARMLESS = { foreign: [], isTooWide: false, fooled: null, broken: [] }

test.each(VIEWS)('texts of agents are shown as text only in %s', async (view) => {
  const { tab } = page
  for (const width of [1280, 360]) {
    await tab.setViewportSize({ width, height: 800 })
    await settled(page, view)
    expect(await intrusions()).toEqual(HARMLESS)
    if (view === 'tables') {
      for (const table of [
        'memory_entries',
        'fleets',
        'learning_history',
        'user_preferences',
        'performance_metrics',
        'learning_metrics',
      ]) {
        await tab.locator('.names button', { hasText: table }).first().click()
        await tab.locator(`learning-rows[label="Rows of ${table}"] td`).first().waitFor()
        expect(await intrusions()).toEqual(HARMLESS)
      }
      await tab.locator('textarea').fill('SELECT \'<img src=x onerror=alert(1)>\' AS "<img src=x onerror=alert(1)>"')
      await tab.getByRole('button', { name: 'Run', exact: true }).click()
      await tab.locator('learning-sql td').first().waitFor()
    }
    if (view === 'patterns') {
      await tab.locator('learning-test-patterns input').fill('needle')
      await tab.locator('mark').first().waitFor()
      await expect.poll(() => tab.locator('.hits button').count()).toBe(ATTACKS.length)
    }
    if (view === 'experiences') {
      await tab.locator('tr[data-row="1"]').click()
      await tab.locator('dl.facts').waitFor()
    }
    if (view === 'values') {
      await tab.locator('td.best').first().click()
      await tab.locator('#behind').waitFor()
    }
    expect(await intrusions()).toEqual(HARMLESS)
  }
  expect(dialogs).toEqual([])
})

test('each text is shown unchanged', async () => {
  await settled(page, 'agents')
  const names = await page.run(async () => (await store.agents.list()).map(({ id }) => id))
  expect(names.toSorted()).toEqual(ATTACKS.toSorted())
  const shown = await page.tab
    .locator('learning-agents tbody tr:not(.gap) td:first-child bdi')
    .evaluateAll((cells) => cells.map((cell) => cell.textContent))
  expect(shown.toSorted()).toEqual(ATTACKS.toSorted())
})
