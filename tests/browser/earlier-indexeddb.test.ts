import { promisifyRequest } from 'idb-keyval'
import { deleteLearningStore, openLearningStore } from 'learning-store'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Content, contentOf, entriesOf, expected } from '../earlier-store.ts'
// Inlined, because fetching a .gz file from Vite's server fails.
import fixture from '../fixtures/250af8a/indexeddb-killed.json.gz?url&inline'

const storage = 'indexeddb:earlier'

/** Puts a database back as it was, without any help of the package. */
async function restore(): Promise<void> {
  await deleteLearningStore(storage)
  const entries = await entriesOf<IDBValidKey>(await (await fetch(fixture)).blob())
  const request = indexedDB.open('learning-store:earlier', 1)
  request.onupgradeneeded = () => {
    const kept = request.result.createObjectStore('kept')
    for (const [key, value] of entries) kept.put(value, key)
  }
  const database = await promisifyRequest(request)
  database.close()
}

/** Opens the store, reads all of it and closes it. */
async function opened(
  worker: false | 'shared',
): Promise<{ content: Content; findings: readonly unknown[]; notes: readonly string[] }> {
  await using store = await openLearningStore({ storage, worker })
  const [{ findings }, { notes }] = await Promise.all([store.verify(), store.status()])
  return { content: await contentOf(store), findings, notes }
}

describe('A database that an earlier version wrote in a browser that was killed', () => {
  beforeEach(restore)

  test.each([
    ['in a page', false],
    ['in a SharedWorker', 'shared'],
  ] as const)('is opened %s with all that it held, and again after it was closed', async (_, worker) => {
    expect(await opened(worker)).toEqual({ content: expected, findings: [], notes: [] })
    expect(await opened(worker)).toEqual({ content: expected, findings: [], notes: [] })
  })
})
