import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { StoreError } from '../../../src/errors.ts'
import type { KeeperOptions } from '../../../src/persistence/persister.ts'
import { bytes } from '../../../src/persistence/snapshot-only/bytes-storage.ts'
import { SnapshotKeeper } from '../../../src/persistence/snapshot-only/snapshot-persister.ts'
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

/** A model, and the snapshots of it that a keeper saved, by their sequences. */
function keptModel(options: Partial<KeeperOptions> = {}) {
  const model = new Model()
  const saved: number[] = []
  const trouble: { error?: Error; gate?: Gate } = {}
  const place = bytes({
    save: async (snapshot) => {
      await trouble.gate?.opened
      if (trouble.error) throw trouble.error
      saved.push((JSON.parse(new TextDecoder().decode(snapshot)) as { sequence: number }).sequence)
    },
  })
  const snapshot = (): Snapshot => model.toSnapshot()
  const defaults = { durability: 'relaxed', logBytes: 1e6, idleMs: 2_000, backlogBytes: 1_000, snapshot } as const
  const keeper = new SnapshotKeeper(place, { sequence: 0, snapshotBytes: 0 }, { ...defaults, ...options })
  const commit = (value = 'a'): void => {
    const made = { sequence: model.sequence + 1, statements: [{ sql: 'ADD', values: [value] }] }
    model.apply(made)
    keeper.commit(made)
  }
  return { model, saved, keeper, commit, trouble }
}

describe('A keeper of snapshots writes one', () => {
  test('when something must be kept, for all that was committed by then, and none when nothing was', async () => {
    const { saved, keeper, commit } = keptModel()
    await keeper.kept()
    expect(saved).toEqual([])
    for (let i = 0; i < 3; i++) commit()
    expect(keeper.status).toMatchObject({ state: 'saving', durableSequence: 0, waitingBytes: expect.any(Number) })
    await Promise.all([keeper.kept(), keeper.kept()])
    expect(saved).toEqual([3])
    expect(keeper.status).toMatchObject({ state: 'clean', durableSequence: 3, waitingBytes: 0, logBytes: 0 })
    expect(keeper.status.snapshotBytes).toBeGreaterThan(0)
    await keeper.kept()
    expect(saved).toEqual([3])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('when it is asked to, even where nothing was committed', async () => {
    const { saved, keeper, commit } = keptModel()
    await keeper.snapshot()
    commit()
    await keeper.snapshot()
    await keeper.snapshot()
    expect(saved).toEqual([0, 1, 1])
  })

  test('when nothing was committed for a while, once', async () => {
    const { saved, commit } = keptModel({ idleMs: 500 })
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
    const { saved, commit } = keptModel({ idleMs: 2_000 })
    for (let s = 0; s < 90; s++) {
      commit()
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(saved).toEqual([30, 60, 90])
  })

  test('when more was committed than the least, and then than the last one is large', async () => {
    const { saved, keeper, commit } = keptModel({ logBytes: 1_000 })
    for (let i = 0; i < 14; i++) {
      commit('x'.repeat(400))
      await quiet()
    }
    expect(saved).toEqual([3, 6, 12])
    expect(keeper.status.durableSequence).toBe(12)
  })

  test('after the one on its way, for what was committed meanwhile, and never two at a time', async () => {
    const { saved, keeper, commit, trouble } = keptModel()
    trouble.gate = new Gate()
    commit()
    const first = keeper.kept()
    await quiet()
    // On its way already.
    const same = keeper.kept()
    commit()
    const second = keeper.kept()
    const third = keeper.snapshot()
    await quiet()
    expect(saved).toEqual([])
    trouble.gate.open()
    await Promise.all([first, same, second, third])
    expect(saved).toEqual([1, 2])
  })

  test('no second time for what is in the one on its way, but again for who asks for one from now on', async () => {
    const { saved, keeper, commit, trouble } = keptModel()
    trouble.gate = new Gate()
    commit()
    const first = keeper.kept()
    await quiet()
    const same = keeper.kept()
    trouble.gate.open()
    await Promise.all([first, same])
    await quiet()
    expect(saved).toEqual([1])
    trouble.gate = new Gate()
    commit()
    void keeper.kept()
    await quiet()
    const asked = keeper.snapshot().then(() => [...saved])
    trouble.gate.open()
    expect(await asked).toEqual([1, 2, 2])
  })

  test('when it closes, unless the last one holds everything', async () => {
    const { saved, keeper, commit } = keptModel()
    commit()
    await keeper.close()
    expect(saved).toEqual([1])
    expect(vi.getTimerCount()).toBe(0)
    const untouched = keptModel()
    await untouched.keeper.close()
    expect(untouched.saved).toEqual([])
  })
})

describe('A snapshot that is waited for by who did not begin it', () => {
  const overdue = { code: 'STORAGE_FAILED', message: expect.stringContaining('30 s') }

  /** One of two commits is on its way, and does not come back. */
  async function hanging() {
    const kept = keptModel({ background: () => {} })
    const gate = new Gate()
    kept.trouble.gate = gate
    kept.commit()
    void kept.keeper.kept().catch(() => {})
    await quiet()
    delete kept.trouble.gate
    kept.commit()
    return { ...kept, gate }
  }

  test('is told after half a minute when it has not ended, and no other one begins before it has', async () => {
    const { saved, keeper, commit, gate } = await hanging()
    const kept = expect(keeper.kept()).rejects.toMatchObject(overdue)
    await vi.advanceTimersByTimeAsync(30_000)
    await kept
    expect(saved).toEqual([])
    expect(keeper.status).toMatchObject({ state: 'failing', reason: overdue.message, durableSequence: 0 })
    commit()
    const again = expect(keeper.snapshot()).rejects.toMatchObject(overdue)
    await vi.advanceTimersByTimeAsync(30_000)
    await again
    expect(saved).toEqual([])
    gate.open()
    await keeper.kept()
    expect(saved).toEqual([1, 3])
    expect(keeper.status).toMatchObject({ state: 'clean', reason: undefined, durableSequence: 3 })
    await keeper.close()
    expect(saved).toEqual([1, 3])
  })

  test('is followed by another when it ends in a refusal', async () => {
    const { saved, keeper, gate, trouble } = await hanging()
    const kept = expect(keeper.kept()).rejects.toMatchObject(overdue)
    await vi.advanceTimersByTimeAsync(30_000)
    await kept
    trouble.error = new Error('No save today')
    gate.open()
    await quiet()
    delete trouble.error
    expect(keeper.status).toMatchObject({ state: 'failing', reason: expect.stringContaining('No save today') })
    await vi.advanceTimersByTimeAsync(2_000)
    expect(saved).toEqual([2])
    expect(keeper.status).toMatchObject({ state: 'clean', durableSequence: 2 })
  })

  test('is not waited for at closing when it never ends', async () => {
    const { saved, keeper } = await hanging()
    const closing = expect(keeper.close()).rejects.toMatchObject(overdue)
    await vi.advanceTimersByTimeAsync(30_000)
    await closing
    expect(saved).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('is begun anew when the pause before it was ended together with the request that it belonged to', async () => {
    const { saved, keeper, commit, trouble } = keptModel({ background: () => {} })
    trouble.error = new Error('No save today')
    commit()
    void keeper.kept()
    await quiet()
    vi.clearAllTimers()
    delete trouble.error
    const kept = keeper.kept()
    await vi.advanceTimersByTimeAsync(29_000)
    expect(saved).toEqual([])
    await vi.advanceTimersByTimeAsync(1_000)
    await kept
    expect(saved).toEqual([1])
    await keeper.close()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('A snapshot that a place refuses', () => {
  test('is tried again after more than a second, and who waits is not told', async () => {
    const { saved, keeper, commit, trouble } = keptModel()
    trouble.error = new Error('KV PUT failed: 429 Too Many Requests')
    commit()
    const kept = keeper.kept()
    await quiet()
    expect(keeper.status).toMatchObject({ state: 'failing', reason: expect.stringContaining('429') })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(saved).toEqual([])
    delete trouble.error
    await vi.advanceTimersByTimeAsync(1_000)
    await kept
    expect(saved).toEqual([1])
    expect(keeper.status.state).toBe('clean')
  })

  test('three times is told to who waits, and tried on until it is kept', async () => {
    const { saved, keeper, commit, trouble } = keptModel()
    trouble.error = new Error('No save today')
    commit()
    const kept = expect(keeper.kept()).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
    const asked = expect(keeper.snapshot()).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
    await vi.advanceTimersByTimeAsync(5_000)
    await Promise.all([kept, asked])
    delete trouble.error
    await vi.advanceTimersByTimeAsync(60_000)
    expect(saved).toEqual([1])
    expect(keeper.status).toMatchObject({ state: 'clean', reason: undefined, durableSequence: 1, waitingBytes: 0 })
  })

  test('refuses further writes when the backlog is full', async () => {
    const { keeper, commit, trouble } = keptModel({ backlogBytes: 500 })
    trouble.error = new Error('No save today')
    commit('x'.repeat(300))
    await vi.advanceTimersByTimeAsync(3_000)
    keeper.checkWritable([])
    commit('x'.repeat(300))
    expect(() => keeper.checkWritable([])).toThrow(expect.objectContaining({ code: 'STORAGE_FAILED' }))
    delete trouble.error
    await vi.advanceTimersByTimeAsync(60_000)
    keeper.checkWritable([])
  })

  test('because another writes the place ends it', async () => {
    const { keeper, commit, trouble } = keptModel()
    trouble.error = new StoreError('CLAIM_LOST', 'Another writes')
    commit()
    const lost = { code: 'CLAIM_LOST' }
    await expect(keeper.kept()).rejects.toMatchObject(lost)
    expect(keeper.status.state).toBe('lost')
    expect(() => keeper.checkWritable([])).toThrow(expect.objectContaining(lost))
    await expect(keeper.kept()).rejects.toMatchObject(lost)
    await expect(keeper.snapshot()).rejects.toMatchObject(lost)
    await expect(keeper.close()).rejects.toMatchObject(lost)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('because it cannot be taken is tried again', async () => {
    let isBroken = true
    const kept: ReturnType<typeof keptModel> = keptModel({
      snapshot: () => {
        if (isBroken) throw new Error('No image today')
        return kept.model.toSnapshot()
      },
    })
    kept.commit()
    const waiting = kept.keeper.kept()
    await quiet()
    isBroken = false
    await vi.advanceTimersByTimeAsync(2_000)
    await waiting
    expect(kept.saved).toEqual([1])
  })

  test('at closing gives the place back, and leaves nobody waiting and no timer', async () => {
    const { keeper, commit, trouble } = keptModel()
    trouble.error = new Error('No save today')
    commit()
    const closing = expect(keeper.close()).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
    await vi.advanceTimersByTimeAsync(5_000)
    await closing
    expect(vi.getTimerCount()).toBe(0)
  })
})
