import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import axe from 'axe-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openLearningStore } from '../../src/entry/node.ts'
import { ordinaryEnvironment, tool } from '../package/fresh-project.ts'
import { logOf, withLog } from '../transfer/log-of.ts'
import type { Chromium, ChromiumPage } from './chromium.ts'
import { drawn, settled, tabTo } from './inspecting.ts'
import { Stage } from './stage.ts'

const PROJECT = join(import.meta.dirname, '..', '..')
const data = process.env.LEARNING_STORE_DATA ?? join(PROJECT, '..', 'shared', 'data')

let site: string
let stage: Stage
let browser: Chromium
let page: ChromiumPage
beforeAll(async () => {
  site = mkdtempSync(join(tmpdir(), 'learning-store-inspector-'))
  // As `npm run build:demo` does.
  const build = [tool('vite', 'bin', 'vite.js'), 'build', '--outDir', site]
  execFileSync(process.execPath, build, { cwd: PROJECT, env: ordinaryEnvironment(), stdio: 'pipe' })
  stage = await Stage.set(site)
  browser = await stage.launch()
})
afterAll(async () => {
  await stage.clear()
  rmSync(site, { recursive: true, force: true })
})

async function opened(hash = ''): Promise<ChromiumPage> {
  page = await browser.open(`${stage.server.origin}/inspector.html${hash}`)
  await page.tab.locator('#open:not([hidden]), learning-inspector:not([hidden])').first().waitFor()
  return page
}

/** A store with this number of experiences, in up to three states. */
async function storeOf(experiences: number): Promise<Uint8Array> {
  const store = await openLearningStore({ storage: 'memory:', seed: 7 })
  const agent = await store.agent('one', { type: 'tester' })
  for (let i = 0; i < experiences; i++) await agent.learn({ state: i % 3, action: 'a', reward: i, terminated: true })
  const bytes = await store.snapshot()
  await store.close()
  return bytes
}

/** Drops a file onto the import panel. */
function drop(page: ChromiumPage, name: string, bytes: Uint8Array): Promise<void> {
  return dropAll(page, { [name]: bytes })
}

async function dropAll({ tab }: ChromiumPage, files: { readonly [name: string]: Uint8Array }): Promise<void> {
  const encoded = Object.entries(files).map(([name, bytes]) => ({
    name,
    base64: Buffer.from(bytes).toString('base64'),
  }))
  const carried = await tab.evaluateHandle((encoded) => {
    const carried = new DataTransfer()
    for (const { name, base64 } of encoded) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
      carried.items.add(new File([bytes], name))
    }
    return carried
  }, encoded)
  const zone = tab.locator('learning-import .drop').locator('visible=true')
  await zone.dispatchEvent('dragover', { dataTransfer: carried })
  await zone.dispatchEvent('drop', { dataTransfer: carried })
}

async function figure(name: string): Promise<number> {
  await page.tab.locator(`[data-count="${name}"]:not(:text("–"))`).waitFor()
  return Number((await page.tab.locator(`[data-count="${name}"]`).textContent())?.replaceAll(/\D/g, ''))
}

test('links to the pages of the demo and marks the current one', async () => {
  const { tab } = await opened()
  const links = tab.getByRole('navigation', { name: 'Demonstrations' }).getByRole('link')
  expect(await links.allTextContents()).toEqual(['Fleet', 'Test prioritization', 'Grid world', 'Inspector'])
  expect(await links.and(tab.locator('[aria-current=page]')).allTextContents()).toEqual(['Inspector'])
  await links.getByText('Grid world').click()
  await tab.getByRole('heading', { name: 'Cliff walking' }).waitFor()
  await tab.close()
})

test('has no accessibility violations, light and dark', async () => {
  const { tab } = await opened()
  await tab.evaluate(axe.source)
  for (const colorScheme of ['light', 'dark'] as const) {
    await tab.emulateMedia({ colorScheme })
    const { violations } = await tab.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run(document))
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
  }
  await tab.close()
})

test('a store is checked, then imported, by keyboard', async () => {
  await opened()
  await drop(page, 'mine.db', await storeOf(30))
  await page.tab.getByText('Detected format').waitFor()
  expect(await page.tab.locator('learning-inspector').isVisible()).toBe(false)
  await tabTo(page, 'button.primary')
  await page.tab.keyboard.press('Enter')
  await page.tab.locator('#tab-overview').waitFor()
  expect(await figure('experiences')).toBe(30)
  expect(await figure('values')).toBe(3)
  await page.tab.getByRole('button', { name: 'Open another' }).click()
  await page.tab.locator('learning-import button').first().waitFor()
  await page.tab.close()
})

test('a SQLite file is imported with the write-ahead log that is dropped with it, and other files at once', async () => {
  await opened()
  const [few, many] = [await storeOf(3), await storeOf(30)]
  const more = 'agent_id,state,action,reward,terminated\nother,1,2,0.5,true\n'
  const wal = logOf(many)
  await drop(page, 'mine.db', withLog(few))
  await page.tab.getByText('newest changes may be in mine.db-wal').waitFor()
  await drop(page, 'mine.db-wal', wal)
  await page.tab.getByText('only the write-ahead log of a SQLite database. Import mine.db, which').waitFor()
  await dropAll(page, {
    'mine.db-wal': wal,
    'mine.db': withLog(few),
    'mine.db-shm': new Uint8Array(32),
    'more.csv': new TextEncoder().encode(more),
  })
  await page.tab.getByText('mine.db with its write-ahead log').waitFor()
  await page.tab.getByText('more.csv').waitFor()
  expect(await page.tab.getByText('newest changes may be').count()).toBe(0)
  await page.tab.locator('learning-import button.primary').click()
  await page.tab.locator('#tab-overview').waitFor()
  expect(await figure('experiences')).toBe(31)
  await page.tab.close()
})

test('an invalid file is refused, and another can be dropped', async () => {
  await opened()
  await drop(page, 'strange.db', new TextEncoder().encode('this is no database'))
  await page.tab.locator('learning-import .problem').waitFor()
  await expect
    .poll(() => page.tab.locator('learning-import .problem code').textContent())
    .toMatch(/NOT_A_STORE|INVALID_ARGUMENT/)
  await drop(page, 'rows.csv', new TextEncoder().encode('state,action,reward\ns,a,much\n'))
  await page.tab.locator('learning-import .problem').waitFor()
  await page.tab.close()
})

test('a store of this origin is listed, opened by keyboard, and live', async () => {
  const storage = 'indexeddb:elsewhere'
  const first = await opened(`#${storage}`)
  await first.tab.locator('#what', { hasText: 'live' }).waitFor()
  await opened()
  await expect.poll(() => page.tab.locator('#list button').allTextContents()).toEqual([storage])
  await tabTo(page, '#list button')
  await page.tab.keyboard.press('Enter')
  await page.tab.locator('#what', { hasText: 'live' }).waitFor()
  expect(await figure('experiences')).toBe(0)
  // One tab shows what another imports.
  await settled(first, 'storage')
  await drop(first, 'mine.db', await storeOf(3))
  await first.tab.locator('learning-storage learning-import button.primary').click()
  await first.tab.getByText('Import complete.').waitFor()
  await expect.poll(() => figure('experiences')).toBe(3)
  await first.tab.close()
  await page.tab.close()
})

test('equal rows without ids and times are reported, and added where the user wants it', async () => {
  const { tab } = await opened('#indexeddb:logs')
  await settled(page, 'storage')
  const panel = tab.locator('learning-storage learning-import')
  const log = new TextEncoder().encode('state,action,reward\ns,a,1\ns,a,1\n')
  await drop(page, 'monday.csv', log)
  await panel.getByRole('button', { name: 'Import 3 rows' }).click()
  await panel.getByText('Import complete.').waitFor()
  await drop(page, 'tuesday.csv', new Uint8Array([...log, 10]))
  await panel.getByText('2 experiences with neither an id nor a time equal known ones').waitFor()
  await panel.getByLabel('Add experiences without an id').check()
  await panel.getByRole('button', { name: 'Import 2 rows' }).click()
  await panel.getByText('Import complete.').waitFor()
  await tab.close()
})

describe.each([
  ['agentic-qe-1.4.2-memory.db', 'memory_entries'],
  ['agentic-qe-3.8-memory.db', 'learning_experiences'],
])('%s', (name, table) => {
  const file = join(data, name)
  test.skipIf(!existsSync(file))('is checked and imported (skipped without LEARNING_STORE_DATA)', async () => {
    await opened()
    const bytes = readFileSync(file)
    await drop(page, basename(file), bytes)
    await page.tab.getByText('Detected format').waitFor()
    await page.tab.locator('learning-import button.primary').click()
    await page.tab.locator('#tab-overview').waitFor()
    // The same in this process.
    const store = await openLearningStore({ storage: 'memory:' })
    await store.importFile(bytes, { name })
    const { counts } = await store.status()
    const rows = (await store.tables()).find((one) => one.name === table)?.rowCount ?? 0
    await store.close()
    expect(await figure('experiences')).toBe(counts.experiences)
    expect(await figure('agents')).toBe(counts.agents)
    await settled(page, 'tables')
    const named = page.tab.locator('.names button').filter({ has: page.tab.locator(`bdi:text-is("${table}")`) })
    expect(Number((await named.locator('span').textContent())?.replaceAll(/\D/g, ''))).toBe(rows)
    expect(rows).toBeGreaterThan(0)
    for (const view of ['agents', 'values', 'experiences', 'patterns', 'recommend', 'storage'] as const) {
      await settled(page, view)
      await drawn(page, view)
      expect(await page.tab.locator(`learning-${view} .problem`).count()).toBe(0)
    }
    await page.tab.close()
  })
})
