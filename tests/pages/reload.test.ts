import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createServer, type ViteDevServer } from 'vite'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { folder } from '../survival/environment.ts'
import type { ChromiumPage } from './chromium.ts'
import { Stage } from './stage.ts'

/** A page under Vite's development server, whose module is edited while it has the store open in a worker of its own. */

let files: ReturnType<typeof folder>
let stage: Stage
let server: ViteDevServer
let page: ChromiumPage
beforeEach(async () => {
  files = folder()
  stage = await Stage.set()
  const root = join(files.path, 'site')
  mkdirSync(root)
  symlinkSync(join(inject('installed'), 'node_modules'), join(root, 'node_modules'))
  writeFileSync(join(root, 'index.html'), '<!doctype html><script type="module" src="/main.js"></script>')
})
afterEach(async () => {
  await server?.close()
  await stage.clear()
  files.remove()
})

/** Writes the module, which learns once each time it runs and reports what it found. Returns its path. */
function write(version: number, opening: string): string {
  const code = `
import { openLearningStore } from 'learning-store'
${opening}
const learn = async () => {
  const store = await opening
  await (await store.agent('router')).learn({ state: 's', action: 'a', reward: 1, terminated: true })
  return [(await store.status()).host, await store.experiences.count()].join(' ')
}
globalThis.found = await learn().catch((error) => error.code)
document.title = 'version ${version}'
import.meta.hot.accept()
`
  const path = join(files.path, 'site', 'main.js')
  writeFileSync(path, code)
  return path
}

/** Opens the page, and edits its module twice. Returns what each version found. */
async function editing(opening: string): Promise<readonly unknown[]> {
  write(1, opening)
  server = await createServer({
    root: join(files.path, 'site'),
    configFile: false,
    logLevel: 'error',
    server: { port: 0, host: 'localhost', watch: null, fs: { strict: false } },
  })
  await server.listen()
  page = await (await stage.launch()).open(server.resolvedUrls?.local[0] ?? '')
  const found: unknown[] = []
  await page.tab.waitForFunction(() => document.title === 'version 1')
  await page.run(() => void Object.assign(globalThis, { isSamePage: true }))
  // An edit before the page has connected would never reach it.
  await expect.poll(() => server.ws.clients.size, { timeout: 60_000 }).toBe(1)
  for (let version = 1; ; version++) {
    await page.tab.waitForFunction((title) => document.title === title, `version ${version}`)
    found.push(await page.run(() => (globalThis as { found?: unknown }).found))
    if (version === 3) break
    // The server learns of the edit from the test, not from the file system, which may report half a file.
    server.watcher.emit('change', write(version + 1, opening))
  }
  expect(await page.run(() => 'isSamePage' in globalThis)).toBe(true)
  return found
}

const OPEN = "openLearningStore({ storage: 'indexeddb:edited', worker: 'dedicated', lockTimeoutMs: 100 })"
const WHOLE = ['dedicated-worker 1', 'dedicated-worker 2', 'dedicated-worker 3']

test('a module that forgets the store is LOCKED out by itself', async () => {
  expect(await editing(`const opening = ${OPEN}`)).toEqual(['dedicated-worker 1', 'LOCKED', 'LOCKED'])
})

test('a module that keeps the store in globalThis goes on with it', async () => {
  expect(await editing(`globalThis.opening ??= ${OPEN}`)).toEqual(WHOLE)
})

test('a module that closes the store before it is replaced opens it again', async () => {
  const closing = 'import.meta.hot.dispose(() => opening.then((store) => store.close()))'
  expect(await editing(`const opening = ${OPEN}\n${closing}`)).toEqual(WHOLE)
})
