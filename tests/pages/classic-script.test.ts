import { mkdirSync, writeFileSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { folder } from '../survival/environment.ts'
import type { Chromium } from './chromium.ts'
import { Stage } from './stage.ts'

/** A page whose script is no module, and so does not know where it is. */

let files: ReturnType<typeof folder>
let site: string
let stage: Stage
let browser: Chromium
beforeAll(async () => {
  files = folder()
  site = join(files.path, 'site')
  mkdirSync(site)
  const installed = inject('installed')
  const contents = "import * as learningStore from 'learning-store'\nObject.assign(globalThis, { learningStore })"
  await build({
    stdin: { contents, resolveDir: installed },
    bundle: true,
    format: 'iife',
    target: 'es2022',
    external: ['node:*'],
    logLevel: 'error',
    logOverride: { 'empty-import-meta': 'silent' },
    outfile: join(site, 'classic.js'),
  })
  const workers = join(installed, 'node_modules', 'learning-store', 'dist', 'worker')
  await copyFile(join(workers, 'sql-wasm.wasm'), join(site, 'sql-wasm.wasm'))
  writeFileSync(join(site, 'index.html'), '<!doctype html><script src="classic.js"></script>')
  stage = await Stage.set(site)
  browser = await stage.launch()
})
afterAll(async () => {
  await stage.clear()
  files.remove()
})

/** Opens a store in each way without the URLs of its files, and returns how that ended. */
async function tryAll(): Promise<readonly { readonly code: unknown; readonly message: string }[]> {
  const ended: { code: unknown; message: string }[] = []
  for (const worker of ['shared', 'dedicated', false] as const) {
    const opening = learningStore.openLearningStore({ storage: 'indexeddb:classic', worker })
    ended.push(
      await opening.then(
        () => ({ code: 'resolved', message: '' }),
        ({ code, message }: { code: unknown; message: string }) => ({ code, message }),
      ),
    )
  }
  return ended
}

test('without the URLs it is told which one to set', async () => {
  const page = await browser.open(stage.server.origin)
  expect(await page.run(tryAll)).toEqual([
    { code: 'WORKER_LOST', message: expect.stringContaining('Set `workerUrl`') },
    { code: 'WORKER_LOST', message: expect.stringContaining('Set `workerUrl`') },
    { code: 'WORKER_LOST', message: expect.stringContaining('Set `wasmUrl`') },
  ])
})

test('with the URL of SQLite it opens a store in its own thread', async () => {
  const page = await browser.open(stage.server.origin)
  const host = await page.run(async () => {
    const store = await learningStore.openLearningStore({ storage: 'memory:', wasmUrl: 'sql-wasm.wasm' })
    const { host } = await store.status()
    await store.close()
    return host
  })
  expect(host).toBe('local')
})

test('opened from a file it is told to be served', async () => {
  const page = await browser.open(pathToFileURL(join(site, 'index.html')).href)
  const [shared, dedicated, local] = await page.run(tryAll)
  for (const ended of [shared, dedicated]) {
    expect(ended).toEqual({ code: 'WORKER_LOST', message: expect.stringContaining('Serve the page over http') })
  }
  expect(local).toEqual({ code: 'WORKER_LOST', message: expect.stringContaining('Set `wasmUrl`') })
})
