import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { StoreError } from '../../../src/errors.ts'
import type { Keeper } from '../../../src/persistence/log/log-persister.ts'
import { KeptModel, quiet, until } from '../persister-model.ts'
import { Gate } from '../storage-under-test.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('A keeper', () => {
  test('appends the commits of one tick together, and what comes meanwhile in the next append', async () => {
    const { place, keeper, ...kept } = await KeptModel.open()
    kept.commit('a', 'b', 'c')
    expect(keeper.status).toMatchObject({ state: 'saving', durableSequence: 0 })
    expect(keeper.status.waitingBytes).toBeGreaterThan(0)
    await keeper.kept()
    expect(place.appends).toEqual([{ records: 3, durability: 'relaxed' }])
    await until(() => keeper.status.state === 'clean')
    expect(keeper.status).toMatchObject({ durableSequence: 3, waitingBytes: 0 })
    place.appendGate = new Gate()
    kept.commit('d')
    await quiet()
    kept.commit('e')
    await quiet()
    kept.commit('f')
    place.appendGate.open()
    await keeper.kept()
    expect(place.appends.map(({ records }) => records)).toEqual([3, 1, 2])
    expect(await kept.found()).toEqual(kept.model.items)
  })

  test('lets commits that nobody waits for gather as long as it is told to', async () => {
    const { place, keeper, ...kept } = await KeptModel.open({ gatherMs: 5 })
    kept.commit('a')
    await vi.advanceTimersByTimeAsync(4)
    kept.commit('b')
    await quiet()
    expect(place.appends).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    await until(() => place.appends.length === 1)
    expect(place.appends).toEqual([{ records: 2, durability: 'relaxed' }])
    expect(await kept.found()).toEqual(kept.model.items)
  })

  test.each<[string, (keeper: Keeper) => Promise<void>]>([
    ['for them to be kept', (keeper) => keeper.kept()],
    ['for a sync', (keeper) => keeper.kept(true)],
    ['for a snapshot', (keeper) => keeper.snapshot()],
    ['for the end', (keeper) => keeper.close()],
  ])('does not let them gather when someone waits %s', async (_, wait) => {
    const { place, keeper, commit } = await KeptModel.open({ gatherMs: 5 })
    commit('a')
    await quiet()
    const waiting = wait(keeper)
    await waiting
    commit('b')
    expect(place.appends[0]?.records).toBe(1)
  })

  test('has nothing to wait for when everything is kept', async () => {
    const { place, keeper } = await KeptModel.open()
    await keeper.kept()
    await keeper.kept(true)
    expect(place.appends).toEqual([])
  })

  test('brings relaxed commits to the disk within a second, and once', async () => {
    const { place, keeper, commit } = await KeptModel.open()
    commit('a')
    await keeper.kept()
    await vi.advanceTimersByTimeAsync(999)
    expect(place.appends).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    await until(() => place.appends.length === 2)
    expect(place.appends[1]).toEqual({ records: 0, durability: 'strict' })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(place.appends).toHaveLength(2)
  })

  test('brings them to the disk at once where that is asked for', async () => {
    const { place, keeper, commit } = await KeptModel.open()
    commit('a')
    await keeper.kept()
    await keeper.kept(true)
    commit('b')
    await keeper.kept(true)
    expect(place.appends.map(({ durability }) => durability)).toEqual(['relaxed', 'strict', 'strict'])
  })

  test('brings every commit of a strict store to the disk', async () => {
    const { place, keeper, commit } = await KeptModel.open({ durability: 'strict' })
    commit('a')
    await keeper.kept()
    expect(keeper.status.durableSequence).toBe(1)
    commit('b', 'c')
    await keeper.kept()
    expect(place.appends.map(({ durability }) => durability)).toEqual(['strict', 'strict'])
  })

  test('makes a caller wait only where much waits', async () => {
    const { place, keeper, commit } = await KeptModel.open()
    place.appendGate = new Gate()
    commit('a')
    await keeper.keepUp()
    commit('x'.repeat(100_000))
    let kept = false
    const keepingUp = keeper.keepUp().then(() => {
      kept = true
    })
    await quiet()
    expect(kept).toBe(false)
    place.appendGate.open()
    await keepingUp
    expect(keeper.status.waitingBytes).toBe(0)
  })
})

describe('When the place fails, a keeper', () => {
  test('tries again with pauses until it succeeds, without another call', async () => {
    const { failing, tried, keeper, ...kept } = await KeptModel.open()
    failing.add('append')
    kept.commit('a', 'b')
    await quiet()
    expect(keeper.status).toMatchObject({ state: 'failing', reason: expect.stringContaining('No append today') })
    // 50, 100, 200, 400, ... ms
    const attempts: number[] = []
    for (const pause of [49, 1, 99, 1, 199, 1, 399, 1]) {
      await vi.advanceTimersByTimeAsync(pause)
      attempts.push(tried.get('append') ?? 0)
    }
    expect(attempts).toEqual([1, 2, 2, 3, 3, 4, 4, 5])
    kept.commit('c')
    await vi.advanceTimersByTimeAsync(600_000)
    const before = tried.get('append') ?? 0
    await vi.advanceTimersByTimeAsync(10_000)
    expect(tried.get('append')).toBe(before + 1)
    failing.clear()
    await vi.advanceTimersByTimeAsync(10_000)
    await until(() => keeper.status.state === 'clean')
    expect(keeper.status).toMatchObject({ durableSequence: 3, waitingBytes: 0, reason: undefined })
    expect(await kept.found()).toEqual(kept.model.items)
  })

  test('tells who waits after some failures, and keeps what they waited for all the same', async () => {
    const { failing, keeper, ...kept } = await KeptModel.open()
    failing.add('append')
    kept.commit('a')
    const refused = expect(keeper.kept()).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
    await vi.advanceTimersByTimeAsync(150)
    await refused
    const refusedAgain = expect(keeper.kept(true)).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
    await vi.advanceTimersByTimeAsync(200)
    await refusedAgain
    failing.clear()
    const waiting = keeper.kept(true)
    await vi.advanceTimersByTimeAsync(400)
    await waiting
    expect(await kept.found()).toEqual(['ADD a'])
  })

  test('says nothing of a failure that the next attempt mends', async () => {
    const { failing, keeper, commit } = await KeptModel.open()
    failing.add('append')
    commit('a')
    const waiting = keeper.kept()
    await quiet()
    failing.clear()
    await vi.advanceTimersByTimeAsync(50)
    await waiting
  })

  test('refuses further writes while more waits than the backlog may hold', async () => {
    const { failing, medium, keeper, commit } = await KeptModel.open({ backlogBytes: 1_000 })
    const full = new StoreError('STORAGE_FULL', 'Expected room')
    medium.beforeChange = () => {
      if (failing.has('append')) throw full
    }
    failing.add('append')
    commit('a')
    await quiet()
    keeper.checkWritable([])
    commit('x'.repeat(1_000))
    expect(() => keeper.checkWritable([])).toThrow(full)
    await keeper.keepUp()
    failing.clear()
    await vi.advanceTimersByTimeAsync(10_000)
    await until(() => keeper.status.state === 'clean')
    keeper.checkWritable([])
  })

  test('brings a relaxed store to the disk every second, also while commits keep coming', async () => {
    const { place, keeper, commit } = await KeptModel.open({ durability: 'relaxed' })
    for (let i = 0; i < 12; i++) {
      commit(`${i}`)
      await keeper.kept()
      await vi.advanceTimersByTimeAsync(250)
      await until(() => keeper.status.state === 'clean')
    }
    const syncs = place.appends.filter(({ durability }) => durability === 'strict')
    // Three seconds of commits.
    expect(syncs.length).toBeGreaterThanOrEqual(2)
  })

  test('does not refuse writes because much waits while the place works', async () => {
    const { keeper, commit } = await KeptModel.open({ backlogBytes: 10 })
    commit('x'.repeat(1_000))
    keeper.checkWritable([])
  })

  test('holds what it has when it closes, says what went wrong, and gives the claim back', async () => {
    const { failing, medium, keeper, commit } = await KeptModel.open()
    failing.add('append')
    commit('a')
    const closing = expect(keeper.close()).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
    await vi.advanceTimersByTimeAsync(60_000)
    await closing
    expect(medium.held).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('When the claim is lost, a keeper', () => {
  test.each(['append', 'snapshot'])('says so to everyone (%s)', async (how) => {
    const { medium, keeper, commit } = await KeptModel.open()
    commit('a')
    await keeper.kept()
    medium.epoch++
    if (how === 'append') {
      commit('b')
      await expect(keeper.kept()).rejects.toMatchObject({ code: 'CLAIM_LOST' })
    } else await expect(keeper.snapshot()).rejects.toMatchObject({ code: 'CLAIM_LOST' })
    expect(keeper.status).toMatchObject({ state: 'lost', reason: expect.stringContaining('claim 1') })
    expect(() => keeper.checkWritable([])).toThrow(expect.objectContaining({ code: 'CLAIM_LOST' }))
    for (const refused of [keeper.kept(), keeper.kept(true), keeper.snapshot(), keeper.close()]) {
      await expect(refused).rejects.toMatchObject({ code: 'CLAIM_LOST' })
    }
    // The claim is another's now.
    expect(medium.held).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('When the place is lost, a keeper', () => {
  test.each(['append', 'snapshot'])('says so to everyone, and does not try again (%s)', async (how) => {
    const { medium, keeper, tried, commit } = await KeptModel.open()
    commit('a')
    await keeper.kept()
    const lost = new StoreError('PLACE_LOST', 'Expected a database')
    const watch = medium.beforeChange
    medium.beforeChange = (change) => {
      watch(change)
      if (change === how) throw lost
    }
    const before = tried.get(how) ?? 0
    commit('b')
    const waiting = how === 'append' ? [keeper.kept(), keeper.kept(true), keeper.snapshot()] : [keeper.snapshot()]
    await Promise.all(waiting.map((refused) => expect(refused).rejects.toMatchObject({ code: 'PLACE_LOST' })))
    expect(keeper.status).toMatchObject({ state: 'lost', reason: lost.message })
    expect(() => keeper.checkWritable([])).toThrow(lost)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(tried.get(how)).toBe(before + 1)
    await expect(keeper.close()).rejects.toMatchObject({ code: 'PLACE_LOST' })
    expect(medium.held).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })
})
