import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AsyncStore, openLearningStore, type StorageName } from '../../src/entry/node.ts'

const ENDLESS = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n'
const workerUrl = new URL('../../dist/worker/node.js', import.meta.url)

let folder: string
let storage: StorageName
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'query-'))
  storage = `file:${join(folder, 'learning.db')}`
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const learn = async (store: AsyncStore, action: string): Promise<void> => {
  await (await store.agent('one')).learn({ state: 's', action, reward: 1, terminated: true })
}
const count = async (store: AsyncStore): Promise<unknown> =>
  (await store.query('SELECT count(*) FROM learning_experiences')).rows[0]?.[0]

describe.each([
  ['this thread', false],
  ['a worker thread', true],
])('a query of a store in %s', (_, worker) => {
  const open = (options: { readOnly?: boolean } = {}): Promise<AsyncStore> =>
    openLearningStore({ storage, worker, workerUrl, ...options })

  test('is stopped after its time, while other calls go on', async () => {
    await using store = await open()
    await learn(store, 'a')
    const endless = store.query(ENDLESS, [], { timeoutMs: 300 })
    const timedOut = expect(endless).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringContaining('300 ms'),
    })
    await learn(store, 'b')
    expect(await store.experiences.count()).toBe(2)
    await timedOut
    expect(await count(store)).toBe(2)
  })

  test('reads what was written before, each time', async () => {
    await using store = await open()
    for (let i = 1; i <= 20; i++) {
      void learn(store, `a${i}`)
      await learn(store, `b${i}`)
      expect(await count(store)).toBe(2 * i)
    }
  })

  test('does not keep the store from closing', async () => {
    const store = await open()
    const endless = store.query(ENDLESS, [], { timeoutMs: 1e9 })
    const ended = expect(endless).rejects.toMatchObject({ code: 'CLOSED' })
    await store.close()
    await ended
    await expect(store.query('SELECT 1')).rejects.toMatchObject({ code: 'CLOSED' })
    await using again = await open()
    expect(await count(again)).toBe(0)
  })

  test('is answered if the store is closed right after it', async () => {
    const store = await open()
    const asked = store.query('SELECT 1')
    await store.close()
    expect((await asked).rows).toEqual([[1]])
  })

  test('has the errors of the store', async () => {
    await using store = await open()
    await expect(store.query('SELECT x')).rejects.toMatchObject({ code: 'SQL_ERROR' })
    await expect(store.query('DELETE FROM q_values')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    const options = [
      { timeoutMs: 0 },
      { timeoutMs: 1.5 },
      { timeoutMs: 2 ** 31 },
      { timeoutMs: '1' },
      { wait: 1 },
      null,
      5,
    ]
    for (const one of options) {
      await expect(store.query('SELECT 1', [], one as object)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
    await expect(store.query('SELECT 1', [() => 1] as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect((await store.query('SELECT ?', [2], { timeoutMs: 5_000, limit: 3 })).rows).toEqual([[2]])
  })

  test('of a reader is stopped, too, and shows the state of the reader', async () => {
    await using store = await open()
    await learn(store, 'a')
    await store.flush()
    await using reader = await open({ readOnly: true })
    await expect(reader.query(ENDLESS, [], { timeoutMs: 300 })).rejects.toMatchObject({ code: 'TIMEOUT' })
    await learn(store, 'b')
    await store.flush()
    expect(await count(reader)).toBe(1)
    await reader.refresh()
    expect(await count(reader)).toBe(2)
    await expect(reader.query(ENDLESS, [], { timeoutMs: 300 })).rejects.toMatchObject({ code: 'TIMEOUT' })
  })

  test('waits for those before it, and several are stopped one by one', async () => {
    await using store = await open()
    const endless = [1, 2].map(() => store.query(ENDLESS, [], { timeoutMs: 200 }).catch(({ code }) => code))
    const last = store.query('SELECT 3')
    expect(await Promise.all(endless)).toEqual(['TIMEOUT', 'TIMEOUT'])
    expect((await last).rows).toEqual([[3]])
  })
})

test('a query runs in the thread of the store if no other can be started', async () => {
  await using store = await openLearningStore({ storage, workerUrl: new URL('file:///missing.js') })
  await learn(store, 'a')
  expect(await count(store)).toBe(1)
  await using memory = await openLearningStore({ storage: 'memory:' })
  expect((await memory.query('SELECT 1', [], { timeoutMs: 1_000 })).rows).toEqual([[1]])
})
