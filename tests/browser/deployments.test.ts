import { type AsyncStore, deleteLearningStore, openLearningStore, type StorageName } from 'learning-store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

/**
 * Two addresses of one script are two workers, as after every deployment with hashed names. By `worker_file`, vitest knows them as scripts of
 * workers.
 */
const older = new URL('/dist/worker/shared.js?worker_file&type=module&older', location.href)
const newer = new URL('/dist/worker/shared.js?worker_file&type=module&newer', location.href)

describe('a newer deployment that meets an older worker', () => {
  let storage: StorageName
  let stores = 0
  const open: AsyncStore[] = []
  beforeEach(async () => {
    storage = `indexeddb:deployments-${stores++}`
    await deleteLearningStore(storage)
  })
  afterEach(async () => {
    for (const store of open.splice(0)) await store.close().catch(() => {})
  })

  const opened = async (workerUrl: URL, options: Parameters<typeof openLearningStore>[0] = {}): Promise<AsyncStore> => {
    const store = await openLearningStore({ storage, workerUrl, worker: 'shared', ...options })
    open.push(store)
    return store
  }
  const learn = async (store: AsyncStore): Promise<void> => {
    const agent = await store.agent('a')
    await agent.learn({ state: 's', action: 'x', reward: 1, terminated: true })
  }

  test('shares it when both have the same address', async () => {
    const one = await opened(older)
    const other = await opened(older)
    await learn(one)
    await learn(other)
    expect([await one.experiences.count(), await other.experiences.count()]).toEqual([2, 2])
    await one.close()
    await learn(other)
    expect(await other.experiences.count()).toBe(3)
  })

  test('calls onBlocked, and is refused after the timeout', async () => {
    await learn(await opened(older))
    let blocked = 0
    await expect(opened(newer, { lockTimeoutMs: 50, onBlocked: () => blocked++ })).rejects.toMatchObject({
      code: 'LOCKED',
    })
    expect(blocked).toBe(1)
    await learn(await opened(older))
  })

  test('gets the store when the older one is closed while it waits', async () => {
    const first = await opened(older)
    await learn(first)
    const waiting = new Promise<void>((resolve) => {
      void opened(newer, { lockTimeoutMs: 60_000, onBlocked: () => resolve() }).then((store) => open.push(store))
    })
    await waiting
    await first.close()
    await expect.poll(() => open.length).toBeGreaterThan(1)
    expect(await open.at(-1)?.experiences.count()).toBe(1)
  })

  test('takes it over on request: everything is durable, and the older pages get LEASE_LOST', async () => {
    const first = await opened(older)
    const second = await opened(older)
    await learn(first)
    const pending = learn(second)
    const successor = await opened(newer, { lockTimeoutMs: 60_000, onBlocked: ({ takeOver }) => takeOver() })
    await pending.catch((error: unknown) => expect(error).toMatchObject({ code: 'LEASE_LOST' }))
    const count = await successor.experiences.count()
    expect(count).toBeGreaterThanOrEqual(1)
    for (const store of [first, second]) {
      await expect(learn(store)).rejects.toMatchObject({
        code: 'LEASE_LOST',
        message: expect.stringContaining('Reload'),
      })
      await store.close()
    }
    await learn(successor)
    expect(await successor.experiences.count()).toBe(count + 1)
    // And back again.
    const again = await opened(older, { onBlocked: ({ takeOver }) => takeOver() })
    expect(await again.experiences.count()).toBe(count + 1)
  })

  test('does not release its own store after a late takeOver', async () => {
    const first = await opened(older)
    const asked: (() => void)[] = []
    const waiting = opened(newer, { lockTimeoutMs: 60_000, onBlocked: ({ takeOver }) => asked.push(takeOver) })
    await expect.poll(() => asked.length).toBe(1)
    await first.close()
    const successor = await waiting
    asked[0]?.()
    await learn(successor)
    const other = await opened(newer)
    await learn(other)
    await learn(successor)
  })

  test('notifies clients that only listen when it takes over', async () => {
    const first = await opened(older)
    await learn(first)
    const counts: number[] = []
    const errors: unknown[] = []
    first.live(
      (queries) => queries.experiences.count(),
      (count) => counts.push(count),
      { onError: (error) => errors.push(error) },
    )
    await expect.poll(() => counts).toEqual([1])
    await opened(newer, { onBlocked: ({ takeOver }) => takeOver() })
    await expect.poll(() => errors).toEqual([expect.objectContaining({ code: 'LEASE_LOST' })])
  })

  test('leaves the page a memory of the store up to its end', async () => {
    const store = await opened(older)
    for (let i = 0; i < 5; i++) await learn(store)
    const { sequence } = await store.status()
    await store.close()
    const { sequence: expectedStore } = JSON.parse(localStorage.getItem(`learning-store ${storage}`) ?? '{}') as {
      sequence: number
    }
    expect(expectedStore).toBeGreaterThanOrEqual(sequence)
  })

  test.each([
    ['another origin', 'https://example.test/shared.js', 'WORKER_LOST', 'Set `workerUrl`'],
    ['no address', 'http://[', 'INVALID_ARGUMENT', 'workerUrl'],
  ])('says what is wrong with a worker at %s', async (_, workerUrl, code, message) => {
    const refused = openLearningStore({ storage, workerUrl })
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
  })

  test('leaves no lock behind when every store is closed', async () => {
    for (let i = 0; i < 3; i++) await (await openLearningStore({ storage, workerUrl: older })).close()
    // A lock that a worker holds for as long as it lives stays; nobody asks for it any more.
    expect((await navigator.locks.query()).pending).toEqual([])
  })

  test.each(['seed', 'persistence'] as const)('cannot choose another %s than that of the open store', async (name) => {
    const options = { seed: { seed: 5 }, persistence: { persistence: { snapshotAfterIdleMs: 5 } } }[name]
    const first = await opened(older, { seed: 7, persistence: { snapshotAfterIdleMs: 50 } })
    await expect(opened(older, options)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(`Expected ${name}`),
    })
    await opened(older, { seed: 7 })
    await opened(older)
    await learn(first)
  })
})
