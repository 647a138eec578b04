import { deleteLearningStore, openLearningStore } from 'learning-store'
import { expect, test } from 'vitest'
import { readerClientContract } from '../client/reader-contract.ts'

let stores = 0

/** Where the writer runs, and where its readers do. */
const LAYOUTS = [
  ['dedicated', false],
  ['dedicated', 'dedicated'],
  ['shared', 'shared'],
  [false, 'shared'],
] as const

for (const [writing, reading] of LAYOUTS) {
  readerClientContract(`${reading || 'local'}, beside a writer that is ${writing || 'local'}`, {
    async open() {
      const storage = `indexeddb:readers-${stores++}` as const
      await deleteLearningStore(storage)
      const writer = await openLearningStore({ storage, seed: 7, worker: writing, lockTimeoutMs: 0 })
      return { writer, read: (options) => openLearningStore({ storage, readOnly: true, worker: reading, ...options }) }
    },
  })
}

test('a reader of a storage that does not exist creates neither a database nor a cache', async () => {
  const names = async (): Promise<unknown> => [await indexedDB.databases(), await caches.keys()]
  const before = await names()
  for (const worker of [false, 'dedicated', 'shared'] as const) {
    const opening = openLearningStore({ storage: 'indexeddb:nothing-here', readOnly: true, worker })
    await expect(opening).rejects.toMatchObject({ code: 'STORE_MISSING' })
  }
  expect(await names()).toEqual(before)
})

test('a reader neither keeps its storage from being deleted nor creates it again', async () => {
  const storage = 'indexeddb:deleted-below-reader'
  const writer = await openLearningStore({ storage, worker: false })
  const reader = await openLearningStore({ storage, readOnly: true, worker: false })
  await writer.close()
  await deleteLearningStore(storage)
  await expect(reader.refresh()).rejects.toMatchObject({ code: 'STORE_MISSING' })
  expect((await reader.status()).readOnly).toBe(true)
  await reader.close()
})

test("a dashboard shows what an agent learns in the app's own worker", async () => {
  const storage = 'indexeddb:own-worker'
  await deleteLearningStore(storage)
  const worker = new Worker(new URL('./agent-in-own-worker.ts', import.meta.url), { type: 'module' })
  const answer = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data)
      worker.onerror = ({ message }) => reject(new Error(message))
    })
  expect(await answer()).toBe('ready')
  // The layout that ends here without `readOnly`.
  await expect(openLearningStore({ storage, lockTimeoutMs: 0 })).rejects.toMatchObject({ code: 'LOCKED' })
  const dashboard = await openLearningStore({ storage, readOnly: true })
  const shown: number[] = []
  dashboard.live(
    (queries) => queries.experiences.count(),
    (count) => shown.push(count),
  )
  await expect.poll(() => shown).toEqual([0])
  for (const [i, state] of ['busy', 'idle'].entries()) {
    const learned = answer()
    worker.postMessage(state)
    await learned
    await dashboard.refresh()
    await expect.poll(() => shown.at(-1)).toBe(i + 1)
  }
  expect(shown).toEqual([0, 1, 2])
  expect((await dashboard.values.get('router', 'idle')).length).toBe(1)
  await dashboard.close()
  worker.terminate()
})
