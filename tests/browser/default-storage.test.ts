import { deleteLearningStore, LearningEngine, openLearningStore } from 'learning-store'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

const AGENTIC_QE = 'indexeddb:agentic-qe'
const OWN = 'indexeddb:learning-store'

async function deleteBoth(): Promise<void> {
  for (const storage of [AGENTIC_QE, OWN]) await deleteLearningStore(storage)
}
beforeEach(deleteBoth)
afterEach(async () => {
  vi.unstubAllGlobals()
  await deleteBoth()
})

/** The storage that `openLearningStore()` opens. */
async function opened(): Promise<string> {
  const store = await openLearningStore()
  const { storage } = await store.status()
  await store.close()
  return storage
}

test('the default storage of a page is indexeddb:learning-store', async () => {
  expect(await opened()).toBe(OWN)
  const names = (await indexedDB.databases()).map(({ name }) => name)
  expect(names).not.toContain('learning-store:agentic-qe')
})

test('the default storage of a page is indexeddb:agentic-qe if that exists', async () => {
  const store = await openLearningStore({ storage: AGENTIC_QE })
  await store.close()
  expect(await opened()).toBe(AGENTIC_QE)
})

test('a lost indexeddb:agentic-qe is reported and not replaced', async () => {
  const store = await openLearningStore({ storage: AGENTIC_QE })
  await (await store.agent('one')).learn({ state: 's', action: 'a', reward: 1, terminated: true })
  await store.flush()
  await store.close()
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase('learning-store:agentic-qe')
    request.onsuccess = resolve
    request.onerror = () => reject(request.error)
  })
  await expect(opened()).rejects.toMatchObject({ code: 'STORE_MISSING' })
})

test('a page that cannot list its databases uses indexeddb:learning-store', async () => {
  vi.stubGlobal(
    'indexedDB',
    new Proxy(indexedDB, { get: (target, name) => (name === 'databases' ? undefined : bound(target, name)) }),
  )
  expect(await opened()).toBe(OWN)
})

function bound(target: IDBFactory, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name, target)
  return typeof value === 'function' ? value.bind(target) : value
}

test('agents without a store use indexeddb:agentic-qe', async () => {
  const engine = new LearningEngine('one')
  await engine.initialize()
  await engine.dispose()
  expect(await opened()).toBe(AGENTIC_QE)
})
