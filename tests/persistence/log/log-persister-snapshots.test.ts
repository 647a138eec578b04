import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { PersisterModel, quiet, until } from '../persister-model.ts'
import { Gate } from '../storage-under-test.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const LARGE = 'x'.repeat(400)

describe('A persister writes a snapshot', () => {
  test('when the log has reached its least size, and then when it has outgrown the last one', async () => {
    const harness = await PersisterModel.open({ snapshotAfterLogBytes: 1_000 })
    const { storage, persister } = harness
    for (let i = 0; i < 12; i++) {
      harness.commit(LARGE)
      await persister.whenDurable()
      await until(() => persister.status.state === 'clean')
    }
    // Records of some 450 bytes: due after 3 (1000 bytes), then at the size of that snapshot (1260 bytes) after 3 more, ...
    expect(storage.snapshots).toEqual([3, 6, 12])
    expect(persister.status).toMatchObject({ logBytes: 0, durableSequence: 12 })
    expect(persister.status.snapshotBytes).toBeGreaterThan(12 * 400)
    expect(await harness.found()).toEqual(harness.model.items)
  })

  test('once after an idle time, if the log is large enough', async () => {
    const harness = await PersisterModel.open({ snapshotAfterLogBytes: 4_000, snapshotAfterIdleMs: 500 })
    const { storage, persister } = harness
    harness.commit(LARGE, LARGE)
    await persister.whenDurable()
    await vi.advanceTimersByTimeAsync(400)
    harness.commit(LARGE)
    await persister.whenDurable()
    await vi.advanceTimersByTimeAsync(499)
    expect(storage.snapshots).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    await until(() => storage.snapshots.length > 0)
    await vi.advanceTimersByTimeAsync(60_000)
    await quiet()
    expect(storage.snapshots).toEqual([3])
  })

  test('not when the log is small, however long nothing is committed', async () => {
    const harness = await PersisterModel.open({ snapshotAfterLogBytes: 4_000, snapshotAfterIdleMs: 500 })
    harness.commit(LARGE)
    await vi.advanceTimersByTimeAsync(60_000)
    await quiet()
    expect(harness.storage.snapshots).toEqual([])
  })

  test('on request, and no second one when idle afterwards', async () => {
    const harness = await PersisterModel.open({ snapshotAfterLogBytes: 1_600, snapshotAfterIdleMs: 500 })
    harness.commit(LARGE, LARGE)
    await harness.persister.whenDurable()
    await harness.persister.snapshot()
    await vi.advanceTimersByTimeAsync(60_000)
    await quiet()
    expect(harness.storage.snapshots).toEqual([2])
  })

  test('with the commits made while taking it', async () => {
    const harness: PersisterModel = await PersisterModel.open({
      snapshot: () => {
        harness.commit('noted')
        return harness.model.toSnapshot()
      },
    })
    harness.commit('a')
    await harness.persister.snapshot()
    expect(harness.storage.snapshots).toEqual([2])
    harness.commit('b')
    await harness.persister.whenDurable()
    expect(await harness.found()).toEqual(['ADD a', 'ADD noted', 'ADD b'])
  })

  test('while commits go on being appended after it', async () => {
    const harness = await PersisterModel.open()
    harness.commit('a')
    harness.storage.replaceGate = new Gate()
    const taking = harness.persister.snapshot()
    await until(() => harness.storage.appends.length === 1)
    harness.commit('b')
    await harness.persister.whenDurable(true)
    expect(harness.storage.snapshots).toEqual([])
    harness.storage.replaceGate.open()
    await taking
    expect(await harness.found()).toEqual(['ADD a', 'ADD b'])
  })

  test('when it closes, unless the last one holds everything', async () => {
    const harness = await PersisterModel.open()
    harness.commit('a', 'b')
    await harness.persister.close()
    expect(harness.storage.snapshots).toEqual([2])
    expect(harness.medium.held).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
    const untouched = await PersisterModel.open()
    await untouched.persister.close()
    expect(untouched.storage.snapshots).toEqual([])
    expect(untouched.medium.held).toBe(false)
  })
})

describe('A snapshot that fails', () => {
  test('is reported and tried again after a pause, and not at every commit', async () => {
    const harness = await PersisterModel.open({ snapshotAfterLogBytes: 500, snapshotAfterIdleMs: 60_000 })
    const { persister, failing, tried, storage } = harness
    failing.add('snapshot')
    for (let i = 0; i < 10; i++) {
      harness.commit(LARGE)
      await persister.whenDurable()
      await until(() => persister.status.state !== 'saving')
    }
    expect(tried.get('snapshot')).toBe(1)
    expect(persister.status).toMatchObject({ state: 'failing', reason: expect.stringContaining('No snapshot today') })
    persister.checkWritable([])
    await vi.advanceTimersByTimeAsync(10_000)
    await until(() => tried.get('snapshot') === 2)
    failing.clear()
    await vi.advanceTimersByTimeAsync(10_000)
    await until(() => persister.status.state === 'clean')
    expect(storage.snapshots).toEqual([10])
    expect(persister.status.logBytes).toBe(0)
    expect(await harness.found()).toEqual(harness.model.items)
  })

  test('because it cannot be taken disturbs no commit', async () => {
    let isBroken = true
    const harness: PersisterModel = await PersisterModel.open({
      snapshot: () => {
        if (isBroken) throw new Error('No image today')
        return harness.model.toSnapshot()
      },
    })
    harness.commit('a')
    const refused = { code: 'STORAGE_ERROR', message: expect.stringContaining('No image today') }
    await expect(harness.persister.snapshot()).rejects.toMatchObject(refused)
    harness.commit('b')
    await harness.persister.whenDurable()
    expect(harness.persister.status.state).toBe('failing')
    isBroken = false
    await vi.advanceTimersByTimeAsync(10_000)
    await until(() => harness.persister.status.state === 'clean')
    expect(await harness.found()).toEqual(['ADD a', 'ADD b'])
  })

  test.each(['it cannot be taken', 'the storage refuses it'])('releases the lease when closing (%s)', async (why) => {
    const options = {
      snapshot: () => {
        throw new Error('No image today')
      },
    }
    const harness = await PersisterModel.open(why === 'it cannot be taken' ? options : {})
    harness.failing.add('head')
    harness.commit('a')
    await expect(harness.persister.close()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    expect(harness.medium.held).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
    harness.failing.clear()
    expect(await harness.found()).toEqual(['ADD a'])
  })

  test('leaves no caller waiting when closing', async () => {
    const harness = await PersisterModel.open()
    harness.failing.add('snapshot')
    harness.storage.replaceGate = new Gate()
    harness.commit('a')
    const first = expect(harness.persister.snapshot()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    await until(() => harness.tried.get('snapshot') === 1)
    const closing = expect(harness.persister.close()).rejects.toBeInstanceOf(Error)
    const late = expect(harness.persister.snapshot()).rejects.toBeInstanceOf(Error)
    const open = harness.storage.replaceGate
    const next = new Gate()
    harness.storage.replaceGate = next
    open.open()
    await Promise.all([first, until(() => harness.tried.get('snapshot') === 2)])
    const during = expect(harness.persister.snapshot()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    const slowest = new Gate()
    harness.storage.replaceGate = slowest
    next.open()
    await Promise.all([late, until(() => harness.tried.get('snapshot') === 3)])
    const last = expect(harness.persister.snapshot()).rejects.toMatchObject({ code: 'CLOSED' })
    slowest.open()
    await Promise.all([closing, during, last])
  })
})

describe('What a persister writes', () => {
  /** How the database grows for each byte of log, and what happens between commits. */
  const growths = [0, 1, 8]
  const rhythms = {
    steadily: async ({ persister }: PersisterModel) => until(() => persister.status.state === 'clean'),
    'in bursts': async ({ persister, model }: PersisterModel) => {
      if (model.sequence % 7 === 0) await until(() => persister.status.state === 'clean')
    },
    'with rests': async ({ persister }: PersisterModel) => {
      await persister.whenDurable()
      await vi.advanceTimersByTimeAsync(3_000)
      await until(() => persister.status.state === 'clean')
    },
    'during slow snapshots': async ({ persister, storage, model }: PersisterModel) => {
      if (model.sequence % 40 === 1) {
        storage.replaceGate?.open()
        storage.replaceGate = new Gate()
      }
      await persister.whenDurable()
      await quiet()
    },
  }
  const cases = growths.flatMap((growth) => Object.entries(rhythms).map(([name, rest]) => ({ growth, name, rest })))

  test.each(cases)('stays within 5 + $growth bytes for each byte of log, $name', async ({ growth, rest }) => {
    const harness: PersisterModel = await PersisterModel.open({
      snapshotAfterLogBytes: 2_000,
      snapshot: () => {
        const bytes = new Uint8Array(1_000 + Math.floor(growth * harness.storage.recordBytes))
        return { bytes, sequence: harness.model.sequence, storeId: 'model' }
      },
    })
    const { storage, persister } = harness
    for (let i = 0; i < 400; i++) {
      harness.commit('x'.repeat(50 + ((i * 37) % 100)))
      await rest(harness)
    }
    storage.replaceGate?.open()
    storage.replaceGate = undefined
    await persister.whenDurable()
    await until(() => persister.status.state === 'clean')
    expect(storage.snapshots.length).toBeGreaterThan(1)
    const written = storage.recordBytes + storage.snapshotBytes
    expect(written / storage.recordBytes).toBeLessThanOrEqual(5 + growth)
    await persister.close()
    const atClosing = storage.recordBytes + storage.snapshotBytes - written
    expect(atClosing).toBeLessThanOrEqual(1_000 + growth * storage.recordBytes)
  })
})
