import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHandler, type Handler, type OpeningOptions } from '../../src/entry/http.ts'
import { type AsyncStore, openLearningStore } from '../../src/entry/node.ts'
import { STORE_ROUTES } from '../../src/http/routes/index.ts'
import { send } from './client.ts'

let folder: string
let handler: Handler
const openings: boolean[] = []
const errors: unknown[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'missing-store-'))
  openings.length = errors.length = 0
  handler = createHandler({ open: openIn(folder), authenticate: 'none', onError: (error) => errors.push(error) })
})
afterEach(async () => {
  await handler.close()
  await rm(folder, { recursive: true })
})

function openIn(path: string): (options: OpeningOptions) => Promise<AsyncStore> {
  return ({ create }) => {
    openings.push(create)
    return openLearningStore({ storage: `file:${join(path, 'stores', 'agents.db')}`, create })
  }
}

const learned = { state: 'busy', action: 'queue', reward: 1, terminated: true }
const body = { state: 'busy', text: 'tea', estimator: 'wis', target: { type: 'learned' }, actions: ['a'] }

const reading = STORE_ROUTES.filter(({ kind }) => kind === 'read').flatMap(({ method, path }) => {
  const url = path.replace(/\{\w+\}/g, '1')
  return method === 'get' ? [['GET', url] as const, ['HEAD', url] as const] : [[method.toUpperCase(), url] as const]
})

test.each([...reading, ['OPTIONS', '/v1/agents/1'] as const])('%s %s creates no store', async (method, url) => {
  const found = await send(handler, url, { method, ...(method === 'POST' && { body }) }).catch(() => undefined)
  expect([undefined, 200, 400, 404, 405]).toContain(found?.status)
  expect(await readdir(folder)).toEqual([])
  expect(errors).toEqual([])
  expect(openings).not.toContain(true)
})

test('reading an unknown agent of no store is 404 or an empty list, and what comes later is found', async () => {
  expect((await send(handler, '/v1/agents/router')).status).toBe(404)
  expect(await send(handler, '/v1/agents')).toMatchObject({ status: 200, body: { agents: [] } })
  expect(await send(handler, '/v1/agents/a/memory')).toMatchObject({ status: 200, body: { entries: [] } })
  expect(await readdir(folder)).toEqual([])
  expect((await send(handler, '/v1/agents/router/experiences', { body: learned })).status).toBe(201)
  expect((await send(handler, '/v1/agents/router')).status).toBe(200)
  await handler.close()
  expect((await send(handler, '/v1/agents/router')).status).toBe(200)
  expect(openings).toEqual([false, false, false, true, false])
})

test('a write that arrives while a read finds no store creates it', async () => {
  const [read, written] = await Promise.all([
    send(handler, '/v1/agents/router'),
    send(handler, '/v1/agents/router/experiences', { body: learned }),
  ])
  expect(read.status).toBe(404)
  expect(written.status).toBe(201)
})

test('`create: false` opens a store that exists, and leaves nothing of one that does not', async () => {
  const storage = `file:${join(folder, 'learning.db')}` as const
  await expect(openLearningStore({ storage, create: false })).rejects.toMatchObject({ code: 'STORE_MISSING' })
  await expect(openLearningStore({ storage: 'memory:', create: false })).rejects.toMatchObject({
    code: 'STORE_MISSING',
  })
  await expect(openLearningStore({ storage, create: false, worker: true })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  })
  expect(await readdir(folder)).toEqual([])
  await (await openLearningStore({ storage })).close()
  await (await openLearningStore({ storage, create: false })).close()
})
