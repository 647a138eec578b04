import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { importedSqlite, SQLITE, SQLITE_NAME } from './sqlite.ts'
import { workerd } from './workerd.ts'

let folder: string
let runtime: Miniflare

/** What begins in one request of workerd ends with it, unless it is told otherwise: reads, writes and timers. */
describe('A store that an isolate keeps between its requests', () => {
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'module-store-'))
    await start()
  })
  afterEach(async () => {
    await runtime.dispose()
    rmSync(folder, { recursive: true })
  })

  const start = async (): Promise<void> => {
    const sqlite = { plugins: [importedSqlite], wasm: { [SQLITE_NAME]: SQLITE } }
    runtime = await workerd('programs/module-store.ts', { folder, compatibilityFlags: [], ...sqlite })
  }
  const ask = async (path: string): Promise<unknown> => (await fetch(new URL(path, await runtime.ready))).json()

  test('is opened by the first of them, used by others and persisted by the last', async () => {
    await Promise.all(Array.from({ length: 5 }, () => ask('learn/1')))
    expect(await ask('flush')).toEqual({ count: 5, waiting: 0 })
    await ask('learn/2')
    expect(await ask('flush')).toEqual({ count: 7, waiting: 0 })
    await runtime.dispose()
    await start()
    expect(await ask('count')).toMatchObject({ count: 7 })
  })

  test('can be persisted after the response of the request that began it', async () => {
    // More than the last snapshot is large: the next one begins by itself.
    for (let i = 1; i <= 3; i++) {
      await ask('learn/4000')
      expect(await ask('flush')).toEqual({ count: i * 4_000, waiting: 0 })
    }
  })
})
