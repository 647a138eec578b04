import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expected } from '../earlier-store.ts'
import { importedSqlite, SQLITE, SQLITE_NAME } from './sqlite.ts'
import { workerd } from './workerd.ts'

const fixture = join(import.meta.dirname, '..', 'fixtures', '250af8a', 'durable-object-killed.json.gz')

let runtime: Miniflare
beforeAll(async () => {
  const sqlite = { plugins: [importedSqlite], wasm: { [SQLITE_NAME]: SQLITE } }
  runtime = await workerd('programs/earlier-durable-object.ts', sqlite)
  await runtime.dispatchFetch('http://tests/', { method: 'POST', body: readFileSync(fixture) })
})
afterAll(() => runtime.dispose())

describe('A store of an earlier version in an evicted Durable Object', () => {
  test('is opened with all that it held, and again after it was closed', async () => {
    for (const _ of ['opened', 'opened again']) {
      const answer = await runtime.dispatchFetch('http://tests/')
      expect(await answer.json()).toEqual({ content: expected, findings: [], notes: [] })
    }
  })
})
