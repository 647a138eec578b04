import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { KeptModel, quiet, until } from '../persister-model.ts'
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
    const kept = await KeptModel.open({ snapshotAfterLogBytes: 1_000 })
    const { storage, persister } = kept
    for (let i = 0; i < 12; i++) {
      kept.commit(LARGE)
      await persister.whenDurable()
      await until(() => persister.status.state === 'clean')
    }
    // Records of some 450 bytes: due after 3 (1000 bytes), then at the size of that snapshot (1260 bytes) after 3 more, ...
    expect(storage.snapshots).toEqual([3, 6, 12])
    expect(persister.status).toMatchObject({ logBytes: 0, durableSequence: 12 })
    expect(persister.status.snapshotBytes).toBeGreaterThan(12 * 400)
    expect(await kept.found()).toEqual(kept.model.items)
  })

  test('when nothing was committed for a while and the log is worth it, once', async () => {
    const kept = await KeptModel.open({ snapshotAfterLogBytes: 4_000, snapshotAfterIdleMs: 500 })
    const { storage, persister } = kept
    kept.commit(LARGE, LARGE)
    await persister.whenDurable()
    await vi.advanceTimersByTimeAsync(400)
    kept.commit(LARGE)
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
    const kept = await KeptModel.open({ snapshotAfterLogBytes: 4_000, snapshotAfterIdleMs: 500 })
    kept.commit(LARGE)
    await vi.advanceTimersByTimeAsync(60_000)
    await quiet()
    expect(kept.storage.snapshots).toEqual([])
  })

  test('when it is asked to, and no second one when it is idle after that', async () => {
    const kept = await KeptModel.open({ snapshotAfterLogBytes: 1_600, snapshotAfterIdleMs: 500 })
    kept.commit(LARGE, LARGE)
    await kept.persister.whenDurable()
    await kept.persister.snapshot()
    await vi.advanceTimersByTimeAsync(60_000)
    await quiet()
    expect(kept.storage.snapshots).toEqual([2])
  })

  test('with what taking it committed', async () => {
    const kept: KeptModel = await KeptModel.open({
      snapshot: () => {
        kept.commit('noted')
        return kept.model.toSnapshot()
      },
    })
    kept.commit('a')
    await kept.persister.snapshot()
    expect(kept.storage.snapshots).toEqual([2])
    kept.commit('b')
    await kept.persister.whenDurable()
    expect(await kept.found()).toEqual(['ADD a', 'ADD noted', 'ADD b'])
  })

  test('while commits go on being appended after it', async () => {
    const kept = await KeptModel.open()
    kept.commit('a')
    kept.storage.replaceGate = new Gate()
    const taking = kept.persister.snapshot()
    await until(() => kept.storage.appends.length === 1)
    kept.commit('b')
    await kept.persister.whenDurable(true)
    expect(kept.storage.snapshots).toEqual([])
    kept.storage.replaceGate.open()
    await taking
    expect(await kept.found()).toEqual(['ADD a', 'ADD b'])
  })

  test('when it closes, unless the last one holds everything', async () => {
    const kept = await KeptModel.open()
    kept.commit('a', 'b')
    await kept.persister.close()
    expect(kept.storage.snapshots).toEqual([2])
    expect(kept.medium.held).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
    const untouched = await KeptModel.open()
    await untouched.persister.close()
    expect(untouched.storage.snapshots).toEqual([])
    expect(untouched.medium.held).toBe(false)
  })
})

describe('A snapshot that fails', () => {
  test('is reported and tried again after a pause, and not at every commit', async () => {
    const kept = await KeptModel.open({ snapshotAfterLogBytes: 500, snapshotAfterIdleMs: 60_000 })
    const { persister, failing, tried, storage } = kept
    failing.add('snapshot')
    for (let i = 0; i < 10; i++) {
      kept.commit(LARGE)
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
    expect(await kept.found()).toEqual(kept.model.items)
  })

  test('because it cannot be taken disturbs no commit', async () => {
    let isBroken = true
    const kept: KeptModel = await KeptModel.open({
      snapshot: () => {
        if (isBroken) throw new Error('No image today')
        return kept.model.toSnapshot()
      },
    })
    kept.commit('a')
    const refused = { code: 'STORAGE_ERROR', message: expect.stringContaining('No image today') }
    await expect(kept.persister.snapshot()).rejects.toMatchObject(refused)
    kept.commit('b')
    await kept.persister.whenDurable()
    expect(kept.persister.status.state).toBe('failing')
    isBroken = false
    await vi.advanceTimersByTimeAsync(10_000)
    await until(() => kept.persister.status.state === 'clean')
    expect(await kept.found()).toEqual(['ADD a', 'ADD b'])
  })

  test.each(['it cannot be taken', 'the storage refuses it'])('at closing gives the lease back (%s)', async (why) => {
    const options = {
      snapshot: () => {
        throw new Error('No image today')
      },
    }
    const kept = await KeptModel.open(why === 'it cannot be taken' ? options : {})
    kept.failing.add('head')
    kept.commit('a')
    await expect(kept.persister.close()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    expect(kept.medium.held).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
    kept.failing.clear()
    expect(await kept.found()).toEqual(['ADD a'])
  })

  test('at closing leaves nobody waiting', async () => {
    const kept = await KeptModel.open()
    kept.failing.add('snapshot')
    kept.storage.replaceGate = new Gate()
    kept.commit('a')
    const first = expect(kept.persister.snapshot()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    await until(() => kept.tried.get('snapshot') === 1)
    const closing = expect(kept.persister.close()).rejects.toBeInstanceOf(Error)
    const late = expect(kept.persister.snapshot()).rejects.toBeInstanceOf(Error)
    const open = kept.storage.replaceGate
    const next = new Gate()
    kept.storage.replaceGate = next
    open.open()
    await Promise.all([first, until(() => kept.tried.get('snapshot') === 2)])
    const during = expect(kept.persister.snapshot()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    const slowest = new Gate()
    kept.storage.replaceGate = slowest
    next.open()
    await Promise.all([late, until(() => kept.tried.get('snapshot') === 3)])
    const last = expect(kept.persister.snapshot()).rejects.toMatchObject({ code: 'CLOSED' })
    slowest.open()
    await Promise.all([closing, during, last])
  })
})

describe('What a persister writes', () => {
  /** How the database grows for each byte of log, and what happens between commits. */
  const growths = [0, 1, 8]
  const rhythms = {
    steadily: async ({ persister }: KeptModel) => until(() => persister.status.state === 'clean'),
    'in bursts': async ({ persister, model }: KeptModel) => {
      if (model.sequence % 7 === 0) await until(() => persister.status.state === 'clean')
    },
    'with rests': async ({ persister }: KeptModel) => {
      await persister.whenDurable()
      await vi.advanceTimersByTimeAsync(3_000)
      await until(() => persister.status.state === 'clean')
    },
    'during slow snapshots': async ({ persister, storage, model }: KeptModel) => {
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
    const kept: KeptModel = await KeptModel.open({
      snapshotAfterLogBytes: 2_000,
      snapshot: () => {
        const bytes = new Uint8Array(1_000 + Math.floor(growth * kept.storage.recordBytes))
        return { bytes, sequence: kept.model.sequence, storeId: 'model' }
      },
    })
    const { storage, persister } = kept
    for (let i = 0; i < 400; i++) {
      kept.commit('x'.repeat(50 + ((i * 37) % 100)))
      await rest(kept)
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
