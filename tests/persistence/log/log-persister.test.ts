import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { StoreError } from '../../../src/errors.ts'
import type { LogPersister } from '../../../src/persistence/log/log-persister.ts'
import { PersisterModel, quiet, until } from '../persister-model.ts'
import { Gate } from '../storage-under-test.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('A persister', () => {
  test('appends the commits of one tick together, and later ones in the next append', async () => {
    const { storage, persister, ...harness } = await PersisterModel.open()
    harness.commit('a', 'b', 'c')
    expect(persister.status).toMatchObject({ state: 'saving', durableSequence: 0 })
    expect(persister.status.pendingBytes).toBeGreaterThan(0)
    await persister.whenDurable()
    expect(storage.appends).toEqual([{ records: 3, durability: 'relaxed' }])
    await until(() => persister.status.state === 'clean')
    expect(persister.status).toMatchObject({ durableSequence: 3, pendingBytes: 0 })
    storage.appendGate = new Gate()
    harness.commit('d')
    await quiet()
    harness.commit('e')
    await quiet()
    harness.commit('f')
    storage.appendGate.open()
    await persister.whenDurable()
    expect(storage.appends.map(({ records }) => records)).toEqual([3, 1, 2])
    expect(await harness.found()).toEqual(harness.model.items)
  })

  test('counts as pending the bytes of every commit until its append has ended, also when it fails at first', async () => {
    const { storage, persister, failing, tried, ...harness } = await PersisterModel.open()
    // A commit is 40 bytes, a statement 16, a text 4 and its length.
    const bytes = (text: string): number => 40 + 16 + 4 + text.length
    storage.appendGate = new Gate()
    harness.commit('a', 'bcd')
    await quiet()
    expect(persister.status.pendingBytes).toBe(bytes('a') + bytes('bcd'))
    harness.commit('efghi')
    expect(persister.status.pendingBytes).toBe(bytes('a') + bytes('bcd') + bytes('efghi'))
    storage.appendGate.open()
    await persister.whenDurable()
    expect(persister.status.pendingBytes).toBe(0)
    failing.add('append')
    tried.clear()
    harness.commit('jk')
    await until(() => persister.status.state === 'failing')
    expect([...tried.keys()]).toContain('append')
    expect(persister.status.pendingBytes).toBe(bytes('jk'))
    failing.clear()
    await vi.advanceTimersByTimeAsync(60_000)
    await until(() => persister.status.state === 'clean')
    expect(persister.status.pendingBytes).toBe(0)
    expect(await harness.found()).toEqual(harness.model.items)
  })

  test('makes callers wait from more than 64 KiB of pending bytes on', async () => {
    const { storage, persister, commit } = await PersisterModel.open()
    storage.appendGate = new Gate()
    // 60 bytes besides the text.
    commit('x'.repeat(64 * 1024 - 60))
    await persister.whenWritable()
    expect(storage.appends).toEqual([])
    // It is in the batch that waits, and still counts.
    commit(1)
    let isWritable = false
    const writable = persister.whenWritable().then(() => {
      isWritable = true
    })
    await quiet()
    expect(isWritable).toBe(false)
    storage.appendGate.open()
    await writable
    expect(persister.status.pendingBytes).toBe(0)
  })

  test('groups commits that no caller awaits for as long as configured', async () => {
    const { storage, persister, ...harness } = await PersisterModel.open({ groupCommitMs: 5 })
    harness.commit('a')
    await vi.advanceTimersByTimeAsync(4)
    harness.commit('b')
    await quiet()
    expect(storage.appends).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    await until(() => storage.appends.length === 1)
    expect(storage.appends).toEqual([{ records: 2, durability: 'relaxed' }])
    expect(await harness.found()).toEqual(harness.model.items)
  })

  test.each<[string, (persister: LogPersister) => Promise<void>]>([
    ['durability', (persister) => persister.whenDurable()],
    ['for a sync', (persister) => persister.whenDurable(true)],
    ['for a snapshot', (persister) => persister.snapshot()],
    ['for the end', (persister) => persister.close()],
  ])('does not let them gather when someone waits %s', async (_, wait) => {
    const { storage, persister, commit } = await PersisterModel.open({ groupCommitMs: 5 })
    commit('a')
    await quiet()
    const waiting = wait(persister)
    await waiting
    commit('b')
    expect(storage.appends[0]?.records).toBe(1)
  })

  test('resolves immediately when everything is durable', async () => {
    const { storage, persister } = await PersisterModel.open()
    await persister.whenDurable()
    await persister.whenDurable(true)
    expect(storage.appends).toEqual([])
  })

  test('syncs relaxed commits within a second, once', async () => {
    const { storage, persister, commit } = await PersisterModel.open()
    commit('a')
    await persister.whenDurable()
    await vi.advanceTimersByTimeAsync(999)
    expect(storage.appends).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    await until(() => storage.appends.length === 2)
    expect(storage.appends[1]).toEqual({ records: 0, durability: 'strict' })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(storage.appends).toHaveLength(2)
  })

  test('syncs them immediately on request', async () => {
    const { storage, persister, commit } = await PersisterModel.open()
    commit('a')
    await persister.whenDurable()
    await persister.whenDurable(true)
    commit('b')
    await persister.whenDurable(true)
    expect(storage.appends.map(({ durability }) => durability)).toEqual(['relaxed', 'strict', 'strict'])
  })

  test('brings every commit of a strict store to the disk', async () => {
    const { storage, persister, commit } = await PersisterModel.open({ durability: 'strict' })
    commit('a')
    await persister.whenDurable()
    expect(persister.status.durableSequence).toBe(1)
    commit('b', 'c')
    await persister.whenDurable()
    expect(storage.appends.map(({ durability }) => durability)).toEqual(['strict', 'strict'])
  })

  test('makes a caller wait only if much is pending', async () => {
    const { storage, persister, commit } = await PersisterModel.open()
    storage.appendGate = new Gate()
    commit('a')
    await persister.whenWritable()
    commit('x'.repeat(100_000))
    let isDurable = false
    const becomingWritable = persister.whenWritable().then(() => {
      isDurable = true
    })
    await quiet()
    expect(isDurable).toBe(false)
    storage.appendGate.open()
    await becomingWritable
    expect(persister.status.pendingBytes).toBe(0)
  })
})

describe('When the storage fails, a persister', () => {
  test('tries again with pauses until it succeeds, without another call', async () => {
    const { failing, tried, persister, ...harness } = await PersisterModel.open()
    failing.add('append')
    harness.commit('a', 'b')
    await quiet()
    expect(persister.status).toMatchObject({ state: 'failing', reason: expect.stringContaining('No append today') })
    // 50, 100, 200, 400, ... ms
    const attempts: number[] = []
    for (const pause of [49, 1, 99, 1, 199, 1, 399, 1]) {
      await vi.advanceTimersByTimeAsync(pause)
      attempts.push(tried.get('append') ?? 0)
    }
    expect(attempts).toEqual([1, 2, 2, 3, 3, 4, 4, 5])
    harness.commit('c')
    await vi.advanceTimersByTimeAsync(600_000)
    const before = tried.get('append') ?? 0
    await vi.advanceTimersByTimeAsync(10_000)
    expect(tried.get('append')).toBe(before + 1)
    failing.clear()
    await vi.advanceTimersByTimeAsync(10_000)
    await until(() => persister.status.state === 'clean')
    expect(persister.status).toMatchObject({ durableSequence: 3, pendingBytes: 0, reason: undefined })
    expect(await harness.found()).toEqual(harness.model.items)
  })

  test('rejects waiting callers after some failures, and persists their commits all the same', async () => {
    const { failing, persister, ...harness } = await PersisterModel.open()
    failing.add('append')
    harness.commit('a')
    const refused = expect(persister.whenDurable()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    await vi.advanceTimersByTimeAsync(150)
    await refused
    const refusedAgain = expect(persister.whenDurable(true)).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    await vi.advanceTimersByTimeAsync(200)
    await refusedAgain
    failing.clear()
    const waiting = persister.whenDurable(true)
    await vi.advanceTimersByTimeAsync(400)
    await waiting
    expect(await harness.found()).toEqual(['ADD a'])
  })

  test('does not report a failure that the next attempt repairs', async () => {
    const { failing, persister, commit } = await PersisterModel.open()
    failing.add('append')
    commit('a')
    const waiting = persister.whenDurable()
    await quiet()
    failing.clear()
    await vi.advanceTimersByTimeAsync(50)
    await waiting
  })

  test('refuses further writes while more waits than the backlog may hold', async () => {
    const { failing, medium, persister, commit } = await PersisterModel.open({ maxPendingBytes: 1_000 })
    const full = new StoreError('STORAGE_FULL', 'Expected room')
    medium.beforeChange = () => {
      if (failing.has('append')) throw full
    }
    failing.add('append')
    commit('a')
    await quiet()
    persister.checkWritable([])
    commit('x'.repeat(1_000))
    expect(() => persister.checkWritable([])).toThrow(full)
    await persister.whenWritable()
    failing.clear()
    await vi.advanceTimersByTimeAsync(10_000)
    await until(() => persister.status.state === 'clean')
    persister.checkWritable([])
  })

  test('syncs a relaxed store every second, also while commits keep coming', async () => {
    const { storage, persister, commit } = await PersisterModel.open({ durability: 'relaxed' })
    for (let i = 0; i < 12; i++) {
      commit(`${i}`)
      await persister.whenDurable()
      await vi.advanceTimersByTimeAsync(250)
      await until(() => persister.status.state === 'clean')
    }
    const syncs = storage.appends.filter(({ durability }) => durability === 'strict')
    // Three seconds of commits.
    expect(syncs.length).toBeGreaterThanOrEqual(2)
  })

  test('does not refuse writes because much waits while the storage works', async () => {
    const { persister, commit } = await PersisterModel.open({ maxPendingBytes: 10 })
    commit('x'.repeat(1_000))
    persister.checkWritable([])
  })

  test('persists what it can when closing, reports the failure, and releases the lease', async () => {
    const { failing, medium, persister, commit } = await PersisterModel.open()
    failing.add('append')
    commit('a')
    const closing = expect(persister.close()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    await vi.advanceTimersByTimeAsync(60_000)
    await closing
    expect(medium.held).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('When the lease is lost, a persister', () => {
  test.each(['append', 'snapshot'])('rejects all callers (%s)', async (how) => {
    const { medium, persister, commit } = await PersisterModel.open()
    commit('a')
    await persister.whenDurable()
    medium.epoch++
    if (how === 'append') {
      commit('b')
      await expect(persister.whenDurable()).rejects.toMatchObject({ code: 'LEASE_LOST' })
    } else await expect(persister.snapshot()).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(persister.status).toMatchObject({ state: 'lost', reason: expect.stringContaining('lease 1') })
    expect(() => persister.checkWritable([])).toThrow(expect.objectContaining({ code: 'LEASE_LOST' }))
    for (const refused of [
      persister.whenDurable(),
      persister.whenDurable(true),
      persister.snapshot(),
      persister.close(),
    ]) {
      await expect(refused).rejects.toMatchObject({ code: 'LEASE_LOST' })
    }
    // The lease is another's now.
    expect(medium.held).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('When the storage is lost, a persister', () => {
  test.each(['append', 'snapshot'])('rejects all callers, and does not retry (%s)', async (how) => {
    const { medium, persister, tried, commit } = await PersisterModel.open()
    commit('a')
    await persister.whenDurable()
    const lost = new StoreError('STORE_MISSING', 'Expected a database')
    const watch = medium.beforeChange
    medium.beforeChange = (change) => {
      watch(change)
      if (change === how) throw lost
    }
    const before = tried.get(how) ?? 0
    commit('b')
    const waiting =
      how === 'append'
        ? [persister.whenDurable(), persister.whenDurable(true), persister.snapshot()]
        : [persister.snapshot()]
    await Promise.all(waiting.map((refused) => expect(refused).rejects.toMatchObject({ code: 'STORE_MISSING' })))
    expect(persister.status).toMatchObject({ state: 'lost', reason: lost.message })
    expect(() => persister.checkWritable([])).toThrow(lost)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(tried.get(how)).toBe(before + 1)
    await expect(persister.close()).rejects.toMatchObject({ code: 'STORE_MISSING' })
    expect(medium.held).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })
})
