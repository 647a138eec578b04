import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import type { Options } from './app/globals.ts'
import type { Page } from './browser.ts'
import { answered, contentIn, learnAll, openIn } from './in-page.ts'
import { Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.set()
})
afterEach(() => stage.clear())

/** Opens the store and learns; answers where it runs. */
async function expectToWork(page: Page, options: Options = {}): Promise<string> {
  answered(await openIn(page, options))
  await learnAll(page, { name: 'walk', chains: 2, count: 10 })
  expect((await contentIn(page)).experiences).toHaveLength(20)
  expect(await page.run(() => crossOriginIsolated)).toBe(false)
  return page.run(async () => (await store.status()).host)
}

async function openPage(): Promise<Page> {
  return (await stage.launch()).open(stage.server.origin)
}

test.each(['shared', 'dedicated'] as const)(
  'built by a Vite project without configuration it works in a %s worker, under a strict content security policy',
  async (worker) => {
    const page = await openPage()
    expect(await expectToWork(page, { worker })).toBe(`${worker}-worker`)
    expect([...stage.server.asked].filter((path) => path.endsWith('.wasm'))).toHaveLength(1)
    // The policy does hold: what it forbids fails. Not in the call itself, which a debugger may exempt.
    const forbidden = await page.run(() =>
      outcome(() => new Promise((resolve) => setTimeout(resolve)).then(() => new Function('')())),
    )
    expect(forbidden).toMatchObject({ message: expect.stringContaining('Content Security Policy') })
  },
)

test('without a worker it works in the page itself', async () => {
  expect(await expectToWork(await openPage(), { worker: false })).toBe('local')
})

test('it takes the worker and the WebAssembly module from where it is told', async () => {
  const [built, moved] = ['assets', 'moved'].map((name) => join(inject('installed'), 'dist', name)) as [string, string]
  cpSync(built, moved, { recursive: true })
  try {
    const page = await openPage()
    for (const worker of ['shared', 'dedicated'] as const) {
      const named = (pattern: RegExp): string => `/moved/${readdirSync(moved).find((name) => pattern.test(name))}`
      const [workerUrl, wasmUrl] = [named(new RegExp(`^${worker}.*\\.js$`)), named(/\.wasm$/)]
      expect(
        answered(await openIn(page, { storage: `indexeddb:${worker}`, worker, workerUrl, wasmUrl })).sequence,
      ).toBeGreaterThan(0)
      expect([...stage.server.asked]).toEqual(expect.arrayContaining([workerUrl, wasmUrl]))
    }
    expect([...stage.server.asked].filter((path) => /^\/assets\/.*(shared|dedicated|wasm)/.test(path))).toEqual([])
  } finally {
    rmSync(moved, { recursive: true })
  }
})

test.each(['shared', 'dedicated', false] as const)(
  'with worker: %s a page in place of the WebAssembly module is told, and where to set it right',
  async (worker) => {
    stage.server.faults = { wasmIsHtml: true }
    const page = await openPage()
    const failed = await openIn(page, { worker })
    expect(failed).toMatchObject({ code: 'WORKER_LOST' })
    expect(failed).toMatchObject({ message: expect.stringMatching(/text\/html.*wasmUrl/s) })
    // Nothing of it lasts: once the server is right the next call works.
    stage.server.faults = {}
    await expectToWork(page, { worker })
  },
)

test.each(['shared', 'dedicated'] as const)(
  'a %s worker that is not there is told, and nothing hangs',
  async (worker) => {
    stage.server.faults = { workerIsMissing: true }
    const page = await openPage()
    expect(await openIn(page, { worker })).toMatchObject({
      code: 'WORKER_LOST',
      message: expect.stringContaining('workerUrl'),
    })
    stage.server.faults = {}
    expect(await expectToWork(page, { worker })).toBe(`${worker}-worker`)
  },
)
