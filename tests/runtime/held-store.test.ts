import { expect, onTestFinished, test, vi } from 'vitest'
import { type AsyncStore, openLearningStore } from '../../src/entry/node.ts'
import { StoreError } from '../../src/errors.ts'
import { HeldStore, type HeldStoreOptions } from '../../src/runtime/held-store.ts'

/** A held store in memory, with what was done to it. */
function heldStore(options: Partial<HeldStoreOptions> = {}): {
  held: HeldStore
  told: string[]
  nextClosed: () => Promise<void>
} {
  const told: string[] = []
  let onClosed: () => void = () => {}
  const open = async (): Promise<AsyncStore> => {
    const store = await openLearningStore({ storage: 'memory:' })
    told.push('opened')
    const close = async (): Promise<void> => {
      await store.close()
      told.push('closed')
      onClosed()
    }
    return { ...store, close }
  }
  const onError = (error: unknown): void => void told.push(String(error))
  const held = new HeldStore({
    open,
    openReader: open,
    onError,
    releaseAfterIdleMs: 10,
    releaseAfterMs: 60_000,
    ...options,
  })
  const nextClosed = (): Promise<void> => {
    const [closed, close] = pending()
    onClosed = close
    return closed
  }
  return { held, told, nextClosed }
}

test('the store is opened by the first call and closed some time after the last one', async () => {
  const { held, told, nextClosed } = heldStore()
  const closed = nextClosed()
  await Promise.all([held.use((store) => store.status(), false), held.use((store) => store.status(), false)])
  await closed
  expect(told).toEqual(['opened', 'closed'])
  await held.use((store) => store.status(), false)
  expect(told).toEqual(['opened', 'closed', 'opened'])
  await held.close()
})

test('calls that keep coming do not hold it for ever: later ones wait until others had a chance', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const { held, told } = heldStore({ releaseAfterMs: 1_000 })
  const [running, end] = pending()
  const first = held.use(() => running, false)
  await held.use((store) => store.status(), false)
  await vi.advanceTimersByTimeAsync(1_000)
  const later = held.use(async () => void told.push('later'), false)
  end()
  await first
  expect(told).not.toContain('later')
  await vi.runAllTimersAsync()
  await later
  expect(told.slice(0, 4)).toEqual(['opened', 'closed', 'opened', 'later'])
  await held.close()
})

test('closing waits for the calls that run, and refuses later ones', async () => {
  const { held, told } = heldStore()
  const running = held.use(async (store) => {
    await new Promise(setImmediate)
    await store.status()
    told.push('done')
  }, false)
  await held.close()
  await running
  expect(told).toEqual(['opened', 'done', 'closed'])
  await expect(held.use((store) => store.status(), false)).rejects.toMatchObject({ code: 'CLOSED' })
})

test('a store that does not open is opened again by the next call', async () => {
  let tries = 0
  const { held } = heldStore({
    open: async () => {
      if (++tries === 1) throw new StoreError('LOCKED', 'busy')
      return openLearningStore({ storage: 'memory:' })
    },
  })
  await expect(held.use((store) => store.status(), false)).rejects.toMatchObject({ code: 'LOCKED' })
  await held.use((store) => store.status(), false)
  expect(tries).toBe(2)
  await held.close()
})

test('a store that was taken over is opened again by the next call', async () => {
  const { held, told } = heldStore({ releaseAfterIdleMs: 60_000 })
  const lost = held.use(() => Promise.reject(new StoreError('LEASE_LOST', 'taken over')), false)
  await expect(lost).rejects.toMatchObject({ code: 'LEASE_LOST' })
  await held.use((store) => store.status(), false)
  expect(told).toEqual(['opened', 'closed', 'opened'])
  await held.close()
})

test('what closing throws is reported', async () => {
  const { held, told } = heldStore({
    open: async () => {
      const store = await openLearningStore({ storage: 'memory:' })
      return { ...store, close: () => Promise.reject(new StoreError('STORAGE_FULL', 'no space')) }
    },
  })
  await held.use((store) => store.status(), false)
  await held.close()
  expect(told).toEqual(['StoreError: no space'])
})

/** A promise, and what resolves it. */
function pending(): [Promise<void>, () => void] {
  let resolvePending: () => void = () => {}
  const promise = new Promise<void>((resolve) => {
    resolvePending = resolve
  })
  return [promise, () => resolvePending()]
}
