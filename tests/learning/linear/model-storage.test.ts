import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type AsyncStore,
  type JsonValue,
  type LearnerConfiguration,
  openLearningStore,
} from '../../../src/entry/node.ts'

const ACTIONS = ['a', 'b']

let folder: string
let stores: AsyncStore[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
  stores = []
})
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close().catch(() => {})))
  rmSync(folder, { recursive: true })
})

async function opened(name: string, persistence = {}): Promise<AsyncStore> {
  const store = await openLearningStore({
    storage: `file:${join(folder, name)}`,
    seed: 7,
    lockTimeoutMs: 0,
    persistence,
  })
  stores.push(store)
  return store
}

function stateOf(i: number): JsonValue {
  return { query: `${i % 3 === 0 ? 'short' : 'long'} text ${i % 20}`, x: ((i * 37) % 100) / 100, isNew: i % 2 === 0 }
}

async function learn(store: AsyncStore, id: string, from: number, to: number): Promise<void> {
  const agent = await store.agent(id)
  await agent.learnMany(
    Array.from({ length: to - from }, (_, k) => from + k).map((i) => ({
      id: `${id}-${i}`,
      state: stateOf(i),
      action: ACTIONS[i % 2] ?? '',
      reward: (i * 7) % 5,
      terminated: true,
    })),
  )
}

async function predictions(store: AsyncStore, id = 'm'): Promise<unknown> {
  const agent = await store.agent(id)
  return Promise.all([1, 2, 3].map((i) => agent.selectAction(stateOf(i), { actions: ACTIONS, greedy: true })))
}

/** The store as a crash leaves it after a flush: what a process that is killed then has written. */
async function crashed(name: string, store: AsyncStore): Promise<AsyncStore> {
  await store.flush()
  const copy = `crashed-${readdirSync(folder).length}`
  for (const file of readdirSync(folder)) {
    if (!file.startsWith(name)) continue
    cpSync(join(folder, file), join(folder, copy + file.slice(name.length)), {
      recursive: true,
      filter: (path) => !path.endsWith('.claim'),
    })
  }
  return opened(copy)
}

const CONFIGURATIONS: readonly Partial<LearnerConfiguration>[] = [
  { algorithm: 'linear' },
  { algorithm: 'lin-ucb' },
  { algorithm: 'lin-ts' },
  { algorithm: 'linear', features: { query: 'category', x: 'ignore' }, actionFeatures: true },
  { algorithm: 'lin-ucb', features: { query: 'category' } },
]

describe.each(CONFIGURATIONS)('a model of %j', (configuration) => {
  test('is the same after closing and after a crash, with and without a snapshot that has it', async () => {
    const store = await opened('store')
    await store.agent('m', configuration)
    await learn(store, 'm', 0, 50)
    expect(await predictions(await crashed('store', store))).toEqual(await predictions(store))
    await store.compact()
    await learn(store, 'm', 50, 80)
    const expected = await predictions(store)
    expect(await predictions(await crashed('store', store))).toEqual(expected)
    await store.close()
    const reopened = await opened('store')
    expect(await predictions(reopened)).toEqual(expected)
    await learn(reopened, 'm', 80, 90)
    expect((await reopened.verify()).ok).toBe(true)
  })

  test('is the same as that of a store that was never closed', async () => {
    const [whole, parts] = [await opened('whole'), 'parts']
    await whole.agent('m', configuration)
    await learn(whole, 'm', 0, 60)
    for (let from = 0; from < 60; from += 20) {
      const store = await opened(parts)
      await store.agent('m', configuration)
      await learn(store, 'm', from, from + 20)
      await store.close()
    }
    expect(await predictions(await opened(parts))).toEqual(await predictions(whole))
  })

  test('is not changed by an operation that was rolled back, and follows the next one', async () => {
    const [store, other] = [await opened('store'), await opened('other')]
    for (const one of [store, other]) await one.agent('m', configuration)
    await learn(store, 'm', 0, 20)
    await learn(other, 'm', 20, 40)
    const expected = await predictions(store)
    for (const { bytes } of await other.exportFile({ format: 'json-lines' })) {
      expect((await store.importFile(bytes, { dryRun: true })).changes).toContainEqual(
        expect.objectContaining({ what: 'experiences', added: 20 }),
      )
    }
    expect(await predictions(store)).toEqual(expected)
    await learn(store, 'm', 20, 40)
    const after = await predictions(store)
    expect(after).not.toEqual(expected)
    expect(await predictions(await crashed('store', store))).toEqual(after)
  })

  test('takes in the experiences of a merged store, once', async () => {
    const [one, other, pooled] = [await opened('one'), await opened('other'), await opened('pooled')]
    for (const store of [one, other, pooled]) await store.agent('m', configuration)
    await learn(one, 'm', 0, 30)
    await learn(other, 'm', 30, 60)
    await learn(pooled, 'm', 0, 60)
    for (let times = 0; times < 2; times++) await one.importFile(await other.snapshot())
    expect(await predictions(one)).toEqual(await predictions(pooled))
    expect(await predictions(await crashed('one', one))).toEqual(await predictions(one))
    const empty = await opened('empty')
    await empty.importFile(await one.snapshot())
    expect(await predictions(empty)).toEqual(await predictions(one))
  })

  test('goes with its experiences into JSON Lines and back', async () => {
    const store = await opened('store')
    await store.agent('m', configuration)
    await learn(store, 'm', 0, 40)
    const copy = await opened('copy')
    await copy.agent('m', configuration)
    for (const { bytes } of await store.exportFile({ format: 'json-lines' })) await copy.importFile(bytes)
    expect(await predictions(copy)).toEqual(await predictions(store))
  })
})

test('a snapshot is written after 1,000 experiences, so that opening has few to learn again', async () => {
  const store = await opened('store', { snapshotAfterLogBytes: 1e9, snapshotAfterIdleMs: 1e9 })
  await store.agent('m', { algorithm: 'linear' })
  const through = async (): Promise<unknown> =>
    (await store.query('SELECT max(through) FROM linear_models')).rows[0]?.[0]
  await learn(store, 'm', 0, 999)
  expect(await through()).toBe(null)
  await learn(store, 'm', 999, 1000)
  await expect.poll(through).toBe(1000)
  await expect.poll(async () => (await store.status()).state).toBe('clean')
  await learn(store, 'm', 1000, 1100)
  expect(await through()).toBe(1000)
  const copy = await crashed('store', store)
  expect((await copy.query('SELECT through FROM linear_models')).rows).toEqual([[1000]])
  expect(await predictions(copy)).toEqual(await predictions(store))
})
