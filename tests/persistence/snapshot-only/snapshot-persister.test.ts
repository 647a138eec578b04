import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { StoreError } from '../../../src/errors.ts'
import type { PersisterOptions } from '../../../src/persistence/persister.ts'
import { bytesStorage } from '../../../src/persistence/snapshot-only/bytes-storage.ts'
import { SnapshotPersister } from '../../../src/persistence/snapshot-only/snapshot-persister.ts'
import type { Snapshot } from '../../../src/persistence/storage.ts'
import { quiet } from '../persister-model.ts'
import { Model } from '../session.ts'
import { Gate } from '../storage-under-test.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A model, and the snapshots of it that a persister saved, by their sequences. */
function persistedModel(options: Partial<PersisterOptions> = {}) {
  const model = new Model()
  const saved: number[] = []
  const faults: { error?: Error; gate?: Gate } = {}
  const storage = bytesStorage({
    save: async (snapshot) => {
      await faults.gate?.opened
      if (faults.error) throw faults.error
      saved.push((JSON.parse(new TextDecoder().decode(snapshot)) as { sequence: number }).sequence)
    },
  })
  const snapshot = (): Snapshot => model.toSnapshot()
  const defaults = {
    durability: 'relaxed',
    snapshotAfterLogBytes: 1e6,
    snapshotAfterIdleMs: 2_000,
    maxPendingBytes: 1_000,
    snapshot,
  } as const
  const persister = new SnapshotPersister(storage, { sequence: 0, snapshotBytes: 0 }, { ...defaults, ...options })
  const commit = (value = 'a'): void => {
    const made = { sequence: model.sequence + 1, statements: [{ sql: 'ADD', values: [value] }] }
    model.apply(made)
    persister.commit(made)
  }
  return { model, saved, persister, commit, faults }
}

describe('A persister of snapshots writes one', () => {
  test('for every commit that must be durable, and none without commits', async () => {
    const { saved, persister, commit } = persistedModel()
    await persister.whenDurable()
    expect(saved).toEqual([])
    for (let i = 0; i < 3; i++) commit()
    expect(persister.status).toMatchObject({ state: 'saving', durableSequence: 0, pendingBytes: expect.any(Number) })
    await Promise.all([persister.whenDurable(), persister.whenDurable()])
    expect(saved).toEqual([3])
    expect(persister.status).toMatchObject({ state: 'clean', durableSequence: 3, pendingBytes: 0, logBytes: 0 })
    expect(persister.status.snapshotBytes).toBeGreaterThan(0)
    await persister.whenDurable()
    expect(saved).toEqual([3])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('on request, even without commits', async () => {
    const { saved, persister, commit } = persistedModel()
    await persister.snapshot()
    commit()
    await persister.snapshot()
    await persister.snapshot()
    expect(saved).toEqual([0, 1, 1])
  })

  test('once after an idle time', async () => {
    const { saved, commit } = persistedModel({ snapshotAfterIdleMs: 500 })
    for (let i = 0; i < 3; i++) {
      commit()
      await vi.advanceTimersByTimeAsync(400)
    }
    expect(saved).toEqual([])
    await vi.advanceTimersByTimeAsync(100)
    expect(saved).toEqual([3])
    await vi.advanceTimersByTimeAsync(120_000)
    expect(saved).toEqual([3])
  })

  test('within half a minute, however often something is committed', async () => {
    const { saved, commit } = persistedModel({ snapshotAfterIdleMs: 2_000 })
    for (let s = 0; s < 90; s++) {
      commit()
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(saved).toEqual([30, 60, 90])
  })

  test('when more was committed than the least, and then than the last one is large', async () => {
    const { saved, persister, commit } = persistedModel({ snapshotAfterLogBytes: 1_000 })
    for (let i = 0; i < 14; i++) {
      commit('x'.repeat(400))
      await quiet()
    }
    expect(saved).toEqual([3, 6, 12])
    expect(persister.status.durableSequence).toBe(12)
  })

  test('after the one under way, for later commits, and never two at a time', async () => {
    const { saved, persister, commit, faults } = persistedModel()
    faults.gate = new Gate()
    commit()
    const first = persister.whenDurable()
    await quiet()
    // On its way already.
    const same = persister.whenDurable()
    commit()
    const second = persister.whenDurable()
    const third = persister.snapshot()
    await quiet()
    expect(saved).toEqual([])
    faults.gate.open()
    await Promise.all([first, same, second, third])
    expect(saved).toEqual([1, 2])
  })

  test('not again for commits in the one under way, but again for later requests', async () => {
    const { saved, persister, commit, faults } = persistedModel()
    faults.gate = new Gate()
    commit()
    const first = persister.whenDurable()
    await quiet()
    const same = persister.whenDurable()
    faults.gate.open()
    await Promise.all([first, same])
    await quiet()
    expect(saved).toEqual([1])
    faults.gate = new Gate()
    commit()
    void persister.whenDurable()
    await quiet()
    const asked = persister.snapshot().then(() => [...saved])
    faults.gate.open()
    expect(await asked).toEqual([1, 2, 2])
  })

  test('when it closes, unless the last one holds everything', async () => {
    const { saved, persister, commit } = persistedModel()
    commit()
    await persister.close()
    expect(saved).toEqual([1])
    expect(vi.getTimerCount()).toBe(0)
    const untouched = persistedModel()
    await untouched.persister.close()
    expect(untouched.saved).toEqual([])
  })
})

describe('A snapshot that another request began', () => {
  const overdue = { code: 'STORAGE_ERROR', message: expect.stringContaining('30 s') }

  /** One of two commits is on its way, and does not come back. */
  async function hanging() {
    const harness = persistedModel({ background: () => {} })
    const gate = new Gate()
    harness.faults.gate = gate
    harness.commit()
    void harness.persister.whenDurable().catch(() => {})
    await quiet()
    delete harness.faults.gate
    harness.commit()
    return { ...harness, gate }
  }

  test('rejects after half a minute without an end, and no other one begins before it has ended', async () => {
    const { saved, persister, commit, gate } = await hanging()
    const durable = expect(persister.whenDurable()).rejects.toMatchObject(overdue)
    await vi.advanceTimersByTimeAsync(30_000)
    await durable
    expect(saved).toEqual([])
    expect(persister.status).toMatchObject({ state: 'failing', reason: overdue.message, durableSequence: 0 })
    commit()
    const again = expect(persister.snapshot()).rejects.toMatchObject(overdue)
    await vi.advanceTimersByTimeAsync(30_000)
    await again
    expect(saved).toEqual([])
    gate.open()
    await persister.whenDurable()
    expect(saved).toEqual([1, 3])
    expect(persister.status).toMatchObject({ state: 'clean', reason: undefined, durableSequence: 3 })
    await persister.close()
    expect(saved).toEqual([1, 3])
  })

  test('is followed by another when it ends in a refusal', async () => {
    const { saved, persister, gate, faults } = await hanging()
    const durable = expect(persister.whenDurable()).rejects.toMatchObject(overdue)
    await vi.advanceTimersByTimeAsync(30_000)
    await durable
    faults.error = new Error('No save today')
    gate.open()
    await quiet()
    delete faults.error
    expect(persister.status).toMatchObject({ state: 'failing', reason: expect.stringContaining('No save today') })
    await vi.advanceTimersByTimeAsync(2_000)
    expect(saved).toEqual([2])
    expect(persister.status).toMatchObject({ state: 'clean', durableSequence: 2 })
  })

  test('is not waited for at closing when it never ends', async () => {
    const { saved, persister } = await hanging()
    const closing = expect(persister.close()).rejects.toMatchObject(overdue)
    await vi.advanceTimersByTimeAsync(30_000)
    await closing
    expect(saved).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('begins again if the pause before it ended together with its request', async () => {
    const { saved, persister, commit, faults } = persistedModel({ background: () => {} })
    faults.error = new Error('No save today')
    commit()
    void persister.whenDurable()
    await quiet()
    vi.clearAllTimers()
    delete faults.error
    const durable = persister.whenDurable()
    await vi.advanceTimersByTimeAsync(29_000)
    expect(saved).toEqual([])
    await vi.advanceTimersByTimeAsync(1_000)
    await durable
    expect(saved).toEqual([1])
    await persister.close()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('A snapshot that a storage refuses', () => {
  test('is retried after more than a second, without rejecting waiting callers', async () => {
    const { saved, persister, commit, faults } = persistedModel()
    faults.error = new Error('KV PUT failed: 429 Too Many Requests')
    commit()
    const durable = persister.whenDurable()
    await quiet()
    expect(persister.status).toMatchObject({ state: 'failing', reason: expect.stringContaining('429') })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(saved).toEqual([])
    delete faults.error
    await vi.advanceTimersByTimeAsync(1_000)
    await durable
    expect(saved).toEqual([1])
    expect(persister.status.state).toBe('clean')
  })

  test('three times rejects waiting callers, and is retried until it succeeds', async () => {
    const { saved, persister, commit, faults } = persistedModel()
    faults.error = new Error('No save today')
    commit()
    const durable = expect(persister.whenDurable()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    const asked = expect(persister.snapshot()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    await vi.advanceTimersByTimeAsync(5_000)
    await Promise.all([durable, asked])
    delete faults.error
    await vi.advanceTimersByTimeAsync(60_000)
    expect(saved).toEqual([1])
    expect(persister.status).toMatchObject({ state: 'clean', reason: undefined, durableSequence: 1, pendingBytes: 0 })
  })

  test('refuses further writes when the backlog is full', async () => {
    const { persister, commit, faults } = persistedModel({ maxPendingBytes: 500 })
    faults.error = new Error('No save today')
    commit('x'.repeat(300))
    await vi.advanceTimersByTimeAsync(3_000)
    persister.checkWritable([])
    commit('x'.repeat(300))
    expect(() => persister.checkWritable([])).toThrow(expect.objectContaining({ code: 'STORAGE_ERROR' }))
    delete faults.error
    await vi.advanceTimersByTimeAsync(60_000)
    persister.checkWritable([])
  })

  test('because another writes the storage ends it', async () => {
    const { persister, commit, faults } = persistedModel()
    faults.error = new StoreError('LEASE_LOST', 'Another writes')
    commit()
    const lost = { code: 'LEASE_LOST' }
    await expect(persister.whenDurable()).rejects.toMatchObject(lost)
    expect(persister.status.state).toBe('lost')
    expect(() => persister.checkWritable([])).toThrow(expect.objectContaining(lost))
    await expect(persister.whenDurable()).rejects.toMatchObject(lost)
    await expect(persister.snapshot()).rejects.toMatchObject(lost)
    await expect(persister.close()).rejects.toMatchObject(lost)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('because it cannot be taken is tried again', async () => {
    let isBroken = true
    const harness: ReturnType<typeof persistedModel> = persistedModel({
      snapshot: () => {
        if (isBroken) throw new Error('No image today')
        return harness.model.toSnapshot()
      },
    })
    harness.commit()
    const waiting = harness.persister.whenDurable()
    await quiet()
    isBroken = false
    await vi.advanceTimersByTimeAsync(2_000)
    await waiting
    expect(harness.saved).toEqual([1])
  })

  test('when closing releases the storage, and leaves no waiting caller and no timer', async () => {
    const { persister, commit, faults } = persistedModel()
    faults.error = new Error('No save today')
    commit()
    const closing = expect(persister.close()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    await vi.advanceTimersByTimeAsync(5_000)
    await closing
    expect(vi.getTimerCount()).toBe(0)
  })
})
