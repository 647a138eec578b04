import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { type BrowserContext, chromium } from 'playwright'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { folder } from '../survival/environment.ts'
import { environmentIn, STEP_MS } from './browser.ts'

/** An extension whose service worker has the store open, and its popup. */

let files: ReturnType<typeof folder>
let context: BrowserContext
let origin: string
beforeAll(async () => {
  files = folder()
  const [installed, extension, profile] = [
    inject('installed'),
    join(files.path, 'extension'),
    join(files.path, 'profile'),
  ]
  for (const path of [extension, join(profile, 'tmp')]) mkdirSync(path, { recursive: true })
  // The service worker may not import later: it takes the package as one file, which no bundler touches.
  await build({
    entryPoints: ['background', 'popup'].map((name) => join(installed, 'extension', `${name}.ts`)),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    external: ['node:*', './standalone.js'],
    alias: { 'learning-store/standalone': './standalone.js' },
    logLevel: 'error',
    outdir: extension,
  })
  const workers = join(installed, 'node_modules', 'learning-store', 'dist', 'worker')
  for (const name of readdirSync(workers)) copyFileSync(join(workers, name), join(extension, name))
  writeFileSync(join(extension, 'popup.html'), '<!doctype html><script type="module" src="popup.js"></script>')
  const manifest = {
    manifest_version: 3,
    name: 'Learning in the background',
    version: '1.0',
    background: { service_worker: 'background.js', type: 'module' },
    action: { default_popup: 'popup.html' },
    content_security_policy: { extension_pages: "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'" },
  }
  writeFileSync(join(extension, 'manifest.json'), JSON.stringify(manifest))
  context = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium',
    env: environmentIn(profile),
    timeout: STEP_MS,
    // Playwright's own headless mode leaves extensions out.
    headless: false,
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      `--disable-extensions-except=${extension}`,
      `--load-extension=${extension}`,
    ],
  })
  context.setDefaultTimeout(STEP_MS)
  const [worker = await context.waitForEvent('serviceworker')] = context.serviceWorkers()
  // `URL` knows no origins of extensions.
  origin = worker.url().replace('/background.js', '')
})
afterAll(async () => {
  await context?.close()
  files.remove()
})

test("the popup reads what the extension's service worker learns", async () => {
  const popup = await context.newPage()
  await popup.goto(`${origin}/popup.html`)
  await popup.waitForFunction(() => document.title === 'ready')
  expect(await popup.evaluate("send('busy')")).toBe('learned')
  for (const [worker, host] of [
    [false, 'local'],
    ['shared', 'shared-worker'],
  ] as const) {
    const found = await popup.evaluate(`look(${JSON.stringify(worker)})`)
    expect(found).toEqual({ code: 'LOCKED', answer: 'learned', host, added: 1 })
  }
})
