import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChromiumPage } from './chromium.ts'
import { drawn, goTo, inspected, tabTo, VIEWS } from './inspecting.ts'
import type { Stage } from './stage.ts'

const AGENT = 'qe-chaos-engineer-001'

let stage: Stage
let page: ChromiumPage
const press = (key: string): Promise<void> => page.tab.keyboard.press(key)
const type = (text: string): Promise<void> => page.tab.keyboard.type(text)
const figures = (what: string) => page.tab.locator(`[data-count="${what}"]`)
const wholeOf = (text: string | null): number => Number(text?.replaceAll(/\D/g, ''))

beforeAll(async () => {
  ;({ stage, page } = await inspected(700))
})
afterAll(() => stage.clear())

describe('by keyboard alone', () => {
  test('the tabs are walked through by arrow keys, Home and End', async () => {
    await goTo(page, 'overview')
    const shown = (): Promise<string | null> => page.tab.locator('[role=tab][aria-selected=true]').textContent()
    const seen: string[] = []
    for (const _ of VIEWS) {
      seen.push((await shown())?.trim().toLowerCase() ?? '')
      await press('ArrowRight')
    }
    expect(seen).toEqual([...VIEWS])
    expect((await shown())?.trim()).toBe('Overview')
    await press('ArrowLeft')
    expect((await shown())?.trim()).toBe('Tables')
    await press('Home')
    expect((await shown())?.trim()).toBe('Overview')
    await press('End')
    expect((await shown())?.trim()).toBe('Tables')
    await expect.poll(() => page.tab.locator('[role=tabpanel]').getAttribute('aria-labelledby')).toBe('tab-tables')
  })

  test('Overview shows the counts of the store and opens an agent', async () => {
    await goTo(page, 'overview')
    const { counts } = await page.run(() => store.status())
    const { rows } = await page.run(() => store.query('SELECT count(*) FROM learning_experiences'))
    await expect.poll(() => figures('experiences').textContent().then(wholeOf)).toBe(rows[0]?.[0])
    await expect.poll(() => figures('agents').textContent().then(wholeOf)).toBe(18)
    await expect.poll(() => figures('values').textContent().then(wholeOf)).toBe(counts.values)
    await expect.poll(() => figures('test-patterns').textContent().then(wholeOf)).toBe(24)
    await tabTo(page, '.agents button')
    const id = await page.tab.locator('.agents button bdi').first().textContent()
    await press('Enter')
    await drawn(page, 'agents')
    await expect.poll(() => page.tab.locator('#curve bdi').textContent()).toBe(id)
  })

  test('a chart shows its data as a table', async () => {
    await goTo(page, 'overview')
    const buckets = await page.run(() => store.experiences.rewardHistory({ limit: 120 }))
    await tabTo(page, 'button[aria-pressed]')
    await press('Enter')
    const cells = page.tab.locator('learning-chart tbody tr:not(.gap)').first().locator('td')
    const [first] = buckets
    await expect.poll(() => cells.nth(1).textContent()).toBe(first?.mean.toFixed(3))
    await expect
      .poll(() => page.tab.locator('learning-chart table').getAttribute('aria-rowcount'))
      .toBe(`${buckets.length + 1}`)
    await press('Enter')
    await expect
      .poll(() => page.tab.locator('learning-chart [role=img]').getAttribute('aria-label'))
      .toContain('experiences; the mean reward went from')
  })

  test('Agents shows the selected agent', async () => {
    await goTo(page, 'agents')
    await tabTo(page, 'tr')
    await press('Home')
    await press('ArrowDown')
    await press('Enter')
    await expect.poll(() => page.tab.locator('#curve bdi').textContent()).toBe(AGENT)
    const statistics = await page.run((id: string) => store.agent(id).then((agent) => agent.getStatistics()), AGENT)
    await expect.poll(() => figures('experiences').textContent().then(wholeOf)).toBe(statistics.experiences)
    const improvement = page.tab.locator('.figure').first()
    await expect.poll(() => improvement.textContent()).toContain(statistics.newPerformance.toFixed(3))
    await expect.poll(() => improvement.textContent()).toContain(statistics.previousPerformance.toFixed(3))
  })

  test('Values is a grid, and a cell opens its experiences', async () => {
    await goTo(page, 'values')
    await tabTo(page, 'td')
    await press('ArrowDown')
    await press('ArrowRight')
    // Cells of actions that were never tried cannot be opened.
    for (const key of ['Enter', 'ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowRight']) {
      await press(key)
      if ((await page.tab.locator('td:focus:not(.unseen)').count()) > 0) break
    }
    await press('Enter')
    const heading = page.tab.locator('#behind')
    await heading.waitFor()
    const [actionKey = '', stateKey = ''] = await heading.locator('bdi').allTextContents()
    const value = await page.run(
      async (agentId: string, stateKey: string, actionKey: string) => {
        const [state] = await store.values.listByState(agentId, [stateKey])
        return state?.actions.find((action) => action.actionKey === actionKey)
      },
      AGENT,
      stateKey,
      actionKey,
    )
    const cell = page.tab.locator('td[aria-selected=true]')
    await expect.poll(() => cell.locator('b').textContent()).toBe(value?.value.toFixed(3))
    await expect.poll(() => cell.locator('small').textContent().then(wholeOf)).toBe(value?.visits)
    await expect.poll(() => figures('behind').textContent().then(wholeOf)).toBe(value?.visits)
  })

  test('Experiences are filtered, and one is shown in detail', async () => {
    await goTo(page, 'experiences')
    await tabTo(page, 'input[name=text]')
    await type('LOW')
    await tabTo(page, 'input[name=minReward]')
    await type('0.5')
    const filters = { agentId: AGENT, text: 'low', minReward: 0.5 }
    const wanted = await page.run((asked: typeof filters) => store.experiences.list(asked), filters)
    expect(wanted.length).toBeGreaterThan(3)
    await expect.poll(() => figures('found').textContent().then(wholeOf)).toBe(wanted.length)
    await drawn(page, 'experiences')
    await tabTo(page, 'tr')
    await press('ArrowDown')
    await press('ArrowDown')
    await press('Enter')
    await expect.poll(() => page.tab.locator('dl.facts dt:text-is("id") + dd').textContent()).toBe(wanted[2]?.id)
    await expect.poll(() => page.tab.locator('dl.facts').textContent()).toContain(wanted[2]?.reward.toFixed(3))
  })

  test('Patterns are searched while typing, with highlighted hits', async () => {
    await goTo(page, 'patterns')
    await tabTo(page, 'input[type=search]')
    await type('retry timeout')
    const hits = await page.run(() => store.testPatterns.search('retry timeout', { limit: 50 }))
    await expect.poll(() => page.tab.locator('.hits button').count()).toBe(hits.length)
    const parts = hits[0]?.snippets[0]?.parts.filter(({ isHit }) => isHit).map(({ text }) => text)
    // What was typed first may have as many hits.
    await expect
      .poll(() => page.tab.locator('.hits li').first().locator('mark').allTextContents())
      .toEqual(expect.arrayContaining(parts ?? []))
    await tabTo(page, '.similar button')
    const similar = await page.tab.locator('.similar button bdi').first().textContent()
    await press('Enter')
    await expect.poll(() => page.tab.locator('learning-test-pattern h3').first().textContent()).toBe(similar)
    const patterns = await page.run((agentId: string) => store.patterns.list({ agentId, minLowerBound: 0 }), AGENT)
    const rows = page.tab.locator('learning-rows[label="Strategy patterns, highest lower bound first"]')
    if (patterns.length > 0)
      await expect.poll(() => rows.locator('table').getAttribute('aria-rowcount')).toBe(`${patterns.length + 1}`)
  })

  test('Recommend shows the recommendation for a state and the off-policy evaluation', async () => {
    await goTo(page, 'recommend')
    await tabTo(page, 'input[list]')
    await press('Control+A')
    await type('{ "module": "checkout", "complexity": "low" }')
    const recommendation = await page.run(
      (id: string) => store.agent(id).then((agent) => agent.recommend({ module: 'checkout', complexity: 'low' })),
      AGENT,
    )
    await expect.poll(() => page.tab.locator('[data-recommendation]').textContent()).toBe(recommendation.actionKey)
    await page.tab.getByText(recommendation.reasoning).waitFor()
    await tabTo(page, 'button.primary')
    await press('Enter')
    const learned = page.tab.locator('learning-what-if tr', { hasText: 'learned policy' })
    await learned.waitFor()
    const { value } = await page.run(
      (agentId: string) => store.evaluatePolicy({ agentId }, { agentId, estimator: 'dr' }),
      AGENT,
    )
    expect(await learned.locator('td').nth(1).textContent()).toBe(value.toFixed(3))
  })

  test('Recommend and Values show what a linear model predicts, and why', async () => {
    const state = { query: 'book a flight to Oslo', isUrgent: true }
    const { value, contributions } = await page.run(async (state) => {
      const agent = await store.agent('tool-router', { algorithm: 'linear' })
      const queries = ['book a flight', 'play some music', 'book a table', 'louder music please']
      for (let i = 0; i < 80; i++) {
        const [query = '', action] = [queries[i % 4], i % 3 === 0 ? 'player' : 'booking']
        const reward = Number(query.includes('book') === (action === 'booking'))
        await agent.learn({ state: { query, isUrgent: i % 5 === 0 }, action, reward, terminated: true })
      }
      return agent.explain(state, { action: 'booking', limit: 12 })
    }, state)
    await goTo(page, 'values')
    await page.tab.locator('learning-values select[name=agentId]').selectOption('tool-router')
    await page.tab.getByText("Predicted by the agent's linear model").waitFor()
    await goTo(page, 'recommend')
    await page.tab.locator('learning-recommend select[name=agentId]').selectOption('tool-router')
    await page.tab.locator('learning-recommend input[list]').fill(JSON.stringify(state))
    await expect.poll(() => page.tab.locator('[data-recommendation]').textContent()).toBe('booking')
    const features = page.tab.locator('.features tbody tr')
    await expect
      .poll(() => features.locator('bdi').allTextContents())
      .toEqual(contributions.map(({ feature }) => feature))
    expect(contributions[0]?.feature).toBe('query~"book"')
    expect(value).toBeGreaterThan(0.5)
    await page.tab.locator('learning-recommend select[name=agentId]').selectOption(AGENT)
    await features.first().waitFor({ state: 'detached' })
  })

  test('Storage flushes, snapshots, verifies and exports', async () => {
    await goTo(page, 'storage')
    for (const [name, message] of [
      ['Flush', 'Flush complete'],
      ['Download snapshot', 'SQLite file, '],
      ['Verify', 'Integrity check passed'],
    ] as const) {
      // Each is one Tab further on.
      await goTo(page, 'overview')
      await goTo(page, 'storage')
      const buttons = ['Flush', 'Download snapshot', 'Verify']
      for (let i = 0; i <= buttons.indexOf(name); i++) await tabTo(page, '.row button')
      await press('Enter')
      await page.tab.getByText(message).waitFor()
    }
    const { sequence } = await page.run(() => store.status())
    await expect.poll(() => figures('sequence').textContent().then(wholeOf)).toBe(sequence)
    await tabTo(page, 'select')
    await tabTo(page, 'button')
    await press('Enter')
    const link = page.tab.locator('learning-export a')
    await link.waitFor()
    const head = await page.tab.evaluate(
      async (href) => (await (await fetch(href ?? '')).text()).slice(0, 15),
      await link.getAttribute('href'),
    )
    expect(head).toBe('SQLite format 3')

    // What a format has no place for is said below the file.
    const embedding = { embedder: 'm', vector: [1, 0] }
    await page.run(
      (given) => store.memory.as({ agentId: 'a' }).set({ key: 'k', value: 1, embedding: given }),
      embedding,
    )
    await page.tab.locator('learning-export select').first().selectOption('agentic-qe')
    await page.tab.locator('learning-export button').click()
    await expect
      .poll(() => page.tab.locator('learning-export .note').allTextContents())
      .toEqual([expect.stringContaining('Vectors')])
  })

  test('Tables are browsed, SQL returns rows and a plan, and writing is refused', async () => {
    await goTo(page, 'tables')
    await tabTo(page, '.names button')
    await page.tab.keyboard.press('Enter')
    const name = await page.tab.locator('.names button[aria-current=true] bdi').textContent()
    const { columns } = await page.run((table: string) => store.rows(table, { limit: 5 }), name ?? '')
    const head = page.tab.locator('.browse learning-rows th')
    await expect.poll(async () => (await head.allTextContents()).map((text) => text.trim())).toEqual(columns)
    await tabTo(page, 'textarea')
    await type('SELECT count(*) AS n, sum(visits) AS v FROM q_values')
    await press('Control+Enter')
    const { rows } = await page.run(() => store.query('SELECT count(*), sum(visits) FROM q_values'))
    const cells = page.tab.locator('learning-sql tbody td')
    await expect.poll(() => cells.allTextContents()).toEqual(rows[0]?.map(String))
    await expect.poll(() => page.tab.locator('.plan').textContent()).toContain('q_values')
    await press('Control+A')
    await type('DELETE FROM q_values')
    await press('Control+Enter')
    await expect.poll(() => page.tab.locator('learning-sql .problem').textContent()).toContain('INVALID_ARGUMENT')
    expect(await page.run(() => store.query('SELECT count(*), sum(visits) FROM q_values'))).toMatchObject({ rows })
  })
})

test('a closed store shows an error in the view', async () => {
  await page.run(async () => {
    const other = await learningStore.openLearningStore({ storage: 'memory:' })
    const inspector = await inspect(other)
    inspector.view = 'agents'
    await other.close()
    inspector.view = 'tables'
  })
  await expect.poll(() => page.tab.locator('learning-tables .problem').first().textContent()).toContain('CLOSED')
})

test('a failing storage is reported above every view until it recovers', async () => {
  await page.run(async () => {
    const medium = new learningStore.MemoryMedium()
    const refused = await learningStore.openLearningStore({ storage: learningStore.memoryStorage(medium) })
    const beforeChange = medium.beforeChange
    medium.beforeChange = () => {
      throw new learningStore.StoreError('STORAGE_FULL', 'Expected room for a record, got none')
    }
    const recover = (): void => {
      medium.beforeChange = beforeChange
    }
    Object.assign(globalThis, { recover })
    await inspect(refused)
    const agent = await refused.agent('one')
    await agent.learn({ state: 's', action: 'a', reward: 1, terminated: true })
  })
  const banner = page.tab.locator('learning-inspector > .problem, learning-inspector .problem').first()
  await expect.poll(() => banner.textContent()).toContain('Expected room for a record')
  await page.run(() => Reflect.get(globalThis, 'recover')())
  await expect.poll(() => banner.count()).toBe(0)
})

test('charts follow the colors of the page and of the inspector', async () => {
  await page.run(() => inspect(store).then((inspector) => inspector.updateComplete))
  const canvas = page.tab.locator('learning-chart canvas')
  const drawing = (): Promise<string> => canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL())
  await canvas.waitFor()
  await page.tab.emulateMedia({ colorScheme: 'light' })
  const light = await drawing()
  await page.tab.emulateMedia({ colorScheme: 'dark' })
  await expect.poll(drawing).not.toBe(light)
  const dark = await drawing()
  await page.run(() => document.querySelector('learning-inspector')?.setAttribute('theme', 'light'))
  await expect.poll(drawing).not.toBe(dark)
})
