import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import type { ChromiumPage } from './chromium.ts'
import { answered, openIn } from './in-page.ts'
import { Stage } from './stage.ts'

/** Where a page says that the worker and SQLite are. */

let stage: Stage
beforeEach(async () => {
  stage = await Stage.set()
})
afterEach(() => stage.clear())

const open = async (): Promise<ChromiumPage> => (await stage.launch()).open(stage.server.origin)

/** The name of a built file. */
function built(pattern: RegExp): string {
  const name = readdirSync(join(inject('installed'), 'dist', 'assets')).find((name) => pattern.test(name))
  if (name === undefined) throw new Error(`Expected a file that matches ${pattern}`)
  return name
}

describe.each(['shared', 'dedicated'] as const)('a page that requires trusted types, with a %s worker', (worker) => {
  const script = `/assets/${built(new RegExp(`^${worker}.*\\.js$`))}`
  beforeEach(() => {
    stage.server.faults = { requiresTrustedTypes: true }
  })

  test('opens the store with a trusted URL, and learns', async () => {
    const found = await (await open()).run(learnWithTrustedUrl, worker, script)
    expect(found).toEqual({ value: { host: `${worker}-worker`, count: 1 } })
  })

  test('is told to pass one, without it and with a string', async () => {
    const page = await open()
    for (const options of [{}, { workerUrl: script }]) {
      expect(await openIn(page, { worker, ...options })).toMatchObject({
        code: 'WORKER_LOST',
        message: expect.stringMatching(/`workerUrl`.*`TrustedScriptURL`/),
      })
    }
  })
})

test.each(['shared', 'dedicated', false] as const)(
  'relative URLs begin at the base of the page, with worker: %s',
  async (worker) => {
    const page = await open()
    await page.run(() => {
      const base = document.createElement('base')
      base.href = '/assets/'
      document.head.append(base)
    })
    const options = {
      worker,
      workerUrl: built(new RegExp(`^${worker || 'shared'}.*\\.js$`)),
      wasmUrl: built(/\.wasm$/),
    }
    expect(answered(await openIn(page, options)).sequence).toBeGreaterThan(0)
  },
)

test('a URL that is none is refused', async () => {
  expect(await openIn(await open(), { workerUrl: 'http://' })).toMatchObject({ code: 'INVALID_ARGUMENT' })
})

async function learnWithTrustedUrl(worker: 'shared' | 'dedicated', script: string): Promise<unknown> {
  type Policy = { createScriptURL(url: string): object }
  type Factory = { createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy }
  const { trustedTypes } = globalThis as unknown as { trustedTypes: Factory }
  const policy = trustedTypes.createPolicy('learning', { createScriptURL: (url) => url })
  return outcome(async () => {
    const workerUrl = policy.createScriptURL(script)
    const store = await learningStore.openLearningStore({ storage: 'indexeddb:trusted', worker, workerUrl })
    await (await store.agent('router')).learn({ state: 's', action: 'a', reward: 1, terminated: true })
    const { host } = await store.status()
    return { host, count: await store.experiences.count() }
  })
}
