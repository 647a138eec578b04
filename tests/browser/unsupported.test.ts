import { openLearningStore } from 'learning-store'
import { afterEach, describe, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const storage = 'indexeddb:unsupported'

describe('a browser refuses a store with the reason', () => {
  test('if the context has no Web Locks', async () => {
    vi.spyOn(navigator, 'locks', 'get').mockReturnValue(undefined as never)
    const refused = openLearningStore({ storage })
    await expect(refused).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('navigator.locks'),
    })
  })

  test('if it has no workers at all', async () => {
    vi.stubGlobal('SharedWorker', undefined)
    vi.stubGlobal('Worker', undefined)
    await expect(openLearningStore({ storage })).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })

  test('if it lacks the requested kind of worker', async () => {
    vi.stubGlobal('SharedWorker', undefined)
    const refused = openLearningStore({ storage, worker: 'shared' })
    await expect(refused).rejects.toMatchObject({ code: 'UNSUPPORTED', message: expect.stringContaining('shared') })
  })

  test('but uses a dedicated worker if there is no SharedWorker', async () => {
    vi.stubGlobal('SharedWorker', undefined)
    const store = await openLearningStore({ storage })
    expect((await store.status()).host).toBe('dedicated-worker')
    await store.close()
  })

  test('if persistence is required and not granted', async () => {
    vi.spyOn(navigator.storage, 'persisted').mockResolvedValue(false)
    vi.spyOn(navigator.storage, 'persist').mockResolvedValue(false)
    await expect(openLearningStore({ storage, requirePersistent: true })).rejects.toMatchObject({
      code: 'NOT_PERSISTENT',
    })
    const store = await openLearningStore({ storage, persist: true })
    expect((await store.status()).persisted).toBe(false)
    await store.close()
  })

  test.each<[string, object, string]>([
    ['a misspelled option', { plaec: storage }, 'plaec'],
    ['another kind of worker', { worker: 'service' }, 'worker'],
    ['a storage of another runtime', { storage: 'file:a.db' }, 'file:a.db'],
    ['a clock for a worker', { now: () => 0 }, 'now'],
    ['onBlocked that is no function', { onBlocked: 5 }, 'onBlocked'],
    ['a flag that is none', { persist: 'yes' }, 'persist'],
    ['strict where nothing is kept', { storage: 'memory:', durability: 'strict', worker: 'dedicated' }, 'strict'],
  ])('%s', async (_, options, name) => {
    const refused = openLearningStore({ storage, ...options } as never)
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(name) })
  })
})
