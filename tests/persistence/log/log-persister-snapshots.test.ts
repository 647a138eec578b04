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

describe('A keeper writes a snapshot', () => {
  test('when the log has reached its least size, and then when it has outgrown the last one', async () => {
    const kept = await KeptModel.open({ logBytes: 1_000 })
    const { place, keeper } = kept
    for (let i = 0; i < 12; i++) {
      kept.commit(LARGE)
      await keeper.kept()
      await until(() => keeper.status.state === 'clean')
    }
    // Records of some 450 bytes: due after 3 (1000 bytes), then at the size of that snapshot (1260 bytes) after 3 more, ...
    expect(place.snapshots).toEqual([3, 6, 12])
    expect(keeper.status).toMatchObject({ logBytes: 0, durableSequence: 12 })
    expect(keeper.status.snapshotBytes).toBeGreaterThan(12 * 400)
    expect(await kept.found()).toEqual(kept.model.items)
  })

  test('when nothing was committed for a while and the log is worth it, once', async () => {
    const kept = await KeptModel.open({ logBytes: 4_000, idleMs: 500 })
    const { place, keeper } = kept
    kept.commit(LARGE, LARGE)
    await keeper.kept()
    await vi.advanceTimersByTimeAsync(400)
    kept.commit(LARGE)
    await keeper.kept()
    await vi.advanceTimersByTimeAsync(499)
    expect(place.snapshots).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    await until(() => place.snapshots.length > 0)
    await vi.advanceTimersByTimeAsync(60_000)
    await quiet()
    expect(place.snapshots).toEqual([3])
  })

  test('not when the log is small, however long nothing is committed', async () => {
    const kept = await KeptModel.open({ logBytes: 4_000, idleMs: 500 })
    kept.commit(LARGE)
    await vi.advanceTimersByTimeAsync(60_000)
    await quiet()
    expect(kept.place.snapshots).toEqual([])
  })

  test('when it is asked to, and no second one when it is idle after that', async () => {
    const kept = await KeptModel.open({ logBytes: 1_600, idleMs: 500 })
    kept.commit(LARGE, LARGE)
    await kept.keeper.kept()
    await kept.keeper.snapshot()
    await vi.advanceTimersByTimeAsync(60_000)
    await quiet()
    expect(kept.place.snapshots).toEqual([2])
  })

  test('with what taking it committed', async () => {
    const kept: KeptModel = await KeptModel.open({
      snapshot: () => {
        kept.commit('noted')
        return kept.model.toSnapshot()
      },
    })
    kept.commit('a')
    await kept.keeper.snapshot()
    expect(kept.place.snapshots).toEqual([2])
    kept.commit('b')
    await kept.keeper.kept()
    expect(await kept.found()).toEqual(['ADD a', 'ADD noted', 'ADD b'])
  })

  test('while commits go on being appended after it', async () => {
    const kept = await KeptModel.open()
    kept.commit('a')
    kept.place.replaceGate = new Gate()
    const taking = kept.keeper.snapshot()
    await until(() => kept.place.appends.length === 1)
    kept.commit('b')
    await kept.keeper.kept(true)
    expect(kept.place.snapshots).toEqual([])
    kept.place.replaceGate.open()
    await taking
    expect(await kept.found()).toEqual(['ADD a', 'ADD b'])
  })

  test('when it closes, unless the last one holds everything', async () => {
    const kept = await KeptModel.open()
    kept.commit('a', 'b')
    await kept.keeper.close()
    expect(kept.place.snapshots).toEqual([2])
    expect(kept.medium.held).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
    const untouched = await KeptModel.open()
    await untouched.keeper.close()
    expect(untouched.place.snapshots).toEqual([])
    expect(untouched.medium.held).toBe(false)
  })
})

describe('A snapshot that fails', () => {
  test('is reported and tried again after a pause, and not at every commit', async () => {
    const kept = await KeptModel.open({ logBytes: 500, idleMs: 60_000 })
    const { keeper, failing, tried, place } = kept
    failing.add('snapshot')
    for (let i = 0; i < 10; i++) {
      kept.commit(LARGE)
      await keeper.kept()
      await until(() => keeper.status.state !== 'saving')
    }
    expect(tried.get('snapshot')).toBe(1)
    expect(keeper.status).toMatchObject({ state: 'failing', reason: expect.stringContaining('No snapshot today') })
    keeper.checkWritable([])
    await vi.advanceTimersByTimeAsync(10_000)
    await until(() => tried.get('snapshot') === 2)
    failing.clear()
    await vi.advanceTimersByTimeAsync(10_000)
    await until(() => keeper.status.state === 'clean')
    expect(place.snapshots).toEqual([10])
    expect(keeper.status.logBytes).toBe(0)
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
    const refused = { code: 'STORAGE_FAILED', message: expect.stringContaining('No image today') }
    await expect(kept.keeper.snapshot()).rejects.toMatchObject(refused)
    kept.commit('b')
    await kept.keeper.kept()
    expect(kept.keeper.status.state).toBe('failing')
    isBroken = false
    await vi.advanceTimersByTimeAsync(10_000)
    await until(() => kept.keeper.status.state === 'clean')
    expect(await kept.found()).toEqual(['ADD a', 'ADD b'])
  })

  test.each(['it cannot be taken', 'the place refuses it'])('at closing gives the claim back (%s)', async (why) => {
    const options = {
      snapshot: () => {
        throw new Error('No image today')
      },
    }
    const kept = await KeptModel.open(why === 'it cannot be taken' ? options : {})
    kept.failing.add('head')
    kept.commit('a')
    await expect(kept.keeper.close()).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
    expect(kept.medium.held).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
    kept.failing.clear()
    expect(await kept.found()).toEqual(['ADD a'])
  })

  test('at closing leaves nobody waiting', async () => {
    const kept = await KeptModel.open()
    kept.failing.add('snapshot')
    kept.place.replaceGate = new Gate()
    kept.commit('a')
    const first = expect(kept.keeper.snapshot()).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
    await until(() => kept.tried.get('snapshot') === 1)
    const closing = expect(kept.keeper.close()).rejects.toBeInstanceOf(Error)
    const late = expect(kept.keeper.snapshot()).rejects.toBeInstanceOf(Error)
    const open = kept.place.replaceGate
    const next = new Gate()
    kept.place.replaceGate = next
    open.open()
    await Promise.all([first, until(() => kept.tried.get('snapshot') === 2)])
    const during = expect(kept.keeper.snapshot()).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
    const slowest = new Gate()
    kept.place.replaceGate = slowest
    next.open()
    await Promise.all([late, until(() => kept.tried.get('snapshot') === 3)])
    const last = expect(kept.keeper.snapshot()).rejects.toMatchObject({ code: 'CLOSED' })
    slowest.open()
    await Promise.all([closing, during, last])
  })
})

describe('What a keeper writes', () => {
  /** How the database grows for each byte of log, and what happens between commits. */
  const growths = [0, 1, 8]
  const rhythms = {
    steadily: async ({ keeper }: KeptModel) => until(() => keeper.status.state === 'clean'),
    'in bursts': async ({ keeper, model }: KeptModel) => {
      if (model.sequence % 7 === 0) await until(() => keeper.status.state === 'clean')
    },
    'with rests': async ({ keeper }: KeptModel) => {
      await keeper.kept()
      await vi.advanceTimersByTimeAsync(3_000)
      await until(() => keeper.status.state === 'clean')
    },
    'during slow snapshots': async ({ keeper, place, model }: KeptModel) => {
      if (model.sequence % 40 === 1) {
        place.replaceGate?.open()
        place.replaceGate = new Gate()
      }
      await keeper.kept()
      await quiet()
    },
  }
  const cases = growths.flatMap((growth) => Object.entries(rhythms).map(([name, rest]) => ({ growth, name, rest })))

  test.each(cases)('stays within 5 + $growth bytes for each byte of log, $name', async ({ growth, rest }) => {
    const kept: KeptModel = await KeptModel.open({
      logBytes: 2_000,
      snapshot: () => {
        const bytes = new Uint8Array(1_000 + Math.floor(growth * kept.place.recordBytes))
        return { bytes, sequence: kept.model.sequence, storeId: 'model' }
      },
    })
    const { place, keeper } = kept
    for (let i = 0; i < 400; i++) {
      kept.commit('x'.repeat(50 + ((i * 37) % 100)))
      await rest(kept)
    }
    place.replaceGate?.open()
    place.replaceGate = undefined
    await keeper.kept()
    await until(() => keeper.status.state === 'clean')
    expect(place.snapshots.length).toBeGreaterThan(1)
    const written = place.recordBytes + place.snapshotBytes
    expect(written / place.recordBytes).toBeLessThanOrEqual(5 + growth)
    await keeper.close()
    const atClosing = place.recordBytes + place.snapshotBytes - written
    expect(atClosing).toBeLessThanOrEqual(1_000 + growth * place.recordBytes)
  })
})
