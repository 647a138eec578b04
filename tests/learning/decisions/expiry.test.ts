import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { fileStorage, openLearningStore } from '../../../src/entry/node.ts'
import { openStore } from '../../../src/open.ts'
import { nodeEngine } from '../../../src/runtime/node/engine.ts'
import { type ClockedStore, clockedStore } from '../clocked-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
afterAll(() => rmSync(folder, { recursive: true }))

const actions = ['a', 'b']
const closeDue = ({ store }: ClockedStore, limit = 100): number => store.lazyModules.get('decisions').closeDue(limit)

describe('a decision without a reward', () => {
  test('expires after rewardWithinMs, for readers by the clock alone', () => {
    const at = clockedStore()
    const agent = at.store.agent('x', { rewardWithinMs: 1_000 })
    const { id, expiresAt } = agent.decide('s', { actions })
    expect(expiresAt).toBe('2026-01-01T00:00:01.000Z')
    at.clock.now += 999
    expect(agent.decisions.get(id)?.status).toBe('open')
    at.clock.now += 1
    const sequence = at.store.sequence
    expect(agent.decisions.get(id)).toMatchObject({ status: 'expired', reward: null, rewardedAt: null })
    expect(agent.decisions.list({ status: 'expired' }).map((one) => one.id)).toEqual([id])
    expect(agent.decisions.count({ status: 'open' })).toBe(0)
    expect(agent.status().decisions).toEqual({ open: 0, rewarded: 0, expired: 1 })
    expect(() => agent.reward(id, 1)).toThrow(
      expect.objectContaining({
        code: 'DECISION_EXPIRED',
        message: expect.stringContaining('2026-01-01T00:00:01.000Z'),
      }),
    )
    expect(at.store.sequence).toBe(sequence)
    expect(closeDue(at)).toBe(1)
    expect(at.store.sequence).toBe(sequence + 1)
    expect(agent.decisions.get(id)?.status).toBe('expired')
    expect(() => agent.reward(id, 1)).toThrow(expect.objectContaining({ code: 'DECISION_EXPIRED' }))
    // What a writer has recorded does not depend on the clock any more.
    at.clock.now -= 500
    expect(agent.decisions.get(id)?.status).toBe('expired')
  })

  test('gets the default reward, for readers by the clock alone, and is learned once', () => {
    const at = clockedStore()
    const agent = at.store.agent('x', { rewardWithinMs: 1_000, defaultReward: -1 })
    const { id, action } = agent.decide('s', { actions })
    at.clock.now += 60_000
    const computed = agent.decisions.get(id)
    expect(computed).toMatchObject({
      status: 'rewarded',
      reward: -1,
      rewardedAt: '2026-01-01T00:00:01.000Z',
      isDefaultReward: true,
    })
    expect(agent.status().decisions).toEqual({ open: 0, rewarded: 1, expired: 0 })
    const refused = expect.objectContaining({
      code: 'ALREADY_REWARDED',
      message: expect.stringContaining('the default reward -1'),
    })
    expect(() => agent.reward(id, -1)).toThrow(refused)
    expect(agent.values.get('s')).toEqual([])
    expect([closeDue(at), closeDue(at)]).toEqual([1, 0])
    expect(agent.decisions.get(id)).toEqual(computed)
    expect(() => agent.reward(id, -1)).toThrow(refused)
    expect(agent.values.get('s')).toEqual([{ action, value: -0.1, visits: 1 }])
    expect(agent.experiences.get(id)).toMatchObject({ reward: -1, timestamp: '2026-01-01T00:00:01.000Z' })
  })

  test('of an agent whose model cannot learn it expires, and later ones are closed', () => {
    const at = clockedStore()
    const agent = at.store.agent('x', { algorithm: 'lin-ucb', rewardWithinMs: 1_000, defaultReward: 0 })
    const wide = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, i + 1]))
    const first = agent.decide(wide, { actions })
    const second = agent.decide({ x: 1 }, { actions })
    at.clock.now += 1_000
    expect(closeDue(at)).toBe(2)
    expect([first, second].map(({ id }) => agent.decisions.get(id)?.status)).toEqual(['expired', 'rewarded'])
  })

  test('waits as long as its agent waited when it decided', () => {
    const at = clockedStore()
    const agent = at.store.agent('x')
    const forever = agent.decide('s', { actions })
    at.store.agent('x', { rewardWithinMs: 5_000 })
    const timed = agent.decide('s', { actions })
    at.clock.now += 10_000
    expect([forever, timed].map(({ id }) => agent.decisions.get(id)?.status)).toEqual(['open', 'expired'])
  })

  test.each([
    [{ rewardWithinMs: 0 }, 'rewardWithinMs'],
    [{ rewardWithinMs: 1.5 }, 'rewardWithinMs'],
    [{ rewardWithinMs: 1e15 }, 'rewardWithinMs'],
    [{ defaultReward: Number.NaN }, 'defaultReward'],
    [{ defaultReward: 2, rewardRange: [0, 1] as const }, 'defaultReward'],
  ])('cannot be configured by %j', (configuration, name) => {
    const { store } = clockedStore()
    expect(() => store.agent('x', configuration)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(name) }),
    )
  })

  test('is closed by a timer, without a call, and by the process that opens the store next', async () => {
    const path = join(folder, 'timer.db')
    const storage = `file:${path}` as const
    const first = await openLearningStore({ storage })
    const agent = await first.agent('x', { rewardWithinMs: 1, defaultReward: 0.5 })
    const closed = new Promise<void>((resolve) => {
      first.subscribe(() => resolve(), { collections: ['experiences'] })
    })
    const { id } = await agent.decide('s', { actions })
    await closed
    expect((await agent.experiences.get(id))?.reward).toBe(0.5)
    const slow = await first.agent('slow', { rewardWithinMs: 60 * 60 * 1000, defaultReward: 0.25 })
    const left = await slow.decide('s', { actions })
    await first.close()

    const later = await openStore({
      engine: await nodeEngine(),
      storage: fileStorage(path),
      now: () => Date.now() + 2 * 60 * 60 * 1000,
      newId: () => 'id',
      seed: 7,
    })
    expect(later.store.experiences.get('slow', left.id)?.reward).toBe(0.25)
    await later.close()
  })
})

test('a decision is rewarded in the process that opens the store next', async () => {
  const storage = `file:${join(folder, 'next.db')}` as const
  const first = await openLearningStore({ storage })
  const { id, action } = await (await first.agent('x')).decide('s', { actions })
  await first.close()
  const next = await openLearningStore({ storage })
  const agent = await next.agent('x')
  const rewarded = await agent.reward(id, 1)
  expect(await agent.values.get('s')).toEqual([{ action, value: rewarded.value, visits: 1 }])
  await next.close()
  const last = await openLearningStore({ storage })
  expect(await (await last.agent('x')).reward(id, 1)).toEqual(rewarded)
  await last.close()
})

test('a reader sees by the clock what its writer has not closed yet, and writes nothing', async () => {
  const path = join(folder, 'reader.db')
  let now = Date.UTC(2026, 0, 1)
  const engine = await nodeEngine()
  const open = (readOnly: boolean): ReturnType<typeof openStore> =>
    openStore({ engine, storage: fileStorage(path), readOnly, now: () => now, newId: () => 'id', seed: 7 })
  const writer = await open(false)
  // A day: the timer of the writer does not ring in this test.
  const day = 24 * 60 * 60 * 1000
  const decided = [
    writer.store.agent('silent', { rewardWithinMs: day }),
    writer.store.agent('default', { rewardWithinMs: day, defaultReward: 1 }),
  ]
  await writer.store.lazyModules.load('decisions', 'inspection')
  const ids = decided.map((agent) => agent.decide('s', { actions }).id)
  await writer.persister?.whenDurable(true)
  now += day
  const reader = await open(true)
  await reader.store.lazyModules.load('decisions', 'inspection')
  const statuses = decided.map(({ id }, i) => reader.store.agentOf(id).decisions.get(ids[i] ?? ''))
  expect(statuses).toMatchObject([
    { status: 'expired', reward: null },
    { status: 'rewarded', reward: 1, isDefaultReward: true },
  ])
  expect(reader.store.agentOf('default').status().decisions).toEqual({ open: 0, rewarded: 1, expired: 0 })
  expect(reader.store.experiences.count()).toBe(0)
  await reader.close()
  await writer.close()
})

describe('pruning', () => {
  const pruned = (at: ClockedStore, options: Parameters<ClockedStore['store']['prune']>[0]): unknown => {
    const steps = at.store.prune(options)
    for (;;) {
      const step = steps.next()
      if (step.done) return step.value
    }
  }

  test('keeps open decisions unless they are to be deleted, and deletes others with their experiences', () => {
    const at = clockedStore()
    const agent = at.store.agent('x')
    const open = agent.decide('s', { actions })
    const ids = Array.from({ length: 30 }, () => agent.decide('s', { actions }).id)
    for (const id of ids) agent.reward(id, 1)
    at.clock.now += 10_000
    expect(pruned(at, { experiences: { perAgent: 5 } })).toMatchObject({ experiences: 5, decisions: 0 })
    expect(agent.status().decisions).toEqual({ open: 1, rewarded: 25, expired: 0 })
    expect(() => agent.reward(ids[21] ?? '', 1)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    expect(pruned(at, { decisions: { openOlderThanMs: 20_000 } })).toMatchObject({ decisions: 0 })
    expect(pruned(at, { decisions: { openOlderThanMs: 5_000 } })).toMatchObject({ decisions: 1 })
    expect(() => agent.reward(open.id, 1)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  })

  test('closes what is due before it looks for open decisions', () => {
    const at = clockedStore()
    const agent = at.store.agent('x', { rewardWithinMs: 1_000, defaultReward: 1 })
    agent.decide('s', { actions })
    at.store.agent('x', { defaultReward: null })
    at.store.agent('y', { rewardWithinMs: 1_000 }).decide('s', { actions })
    at.store.agent('x', { defaultReward: 1 })
    at.clock.now += 10_000
    expect(pruned(at, { decisions: { openOlderThanMs: 0 } })).toMatchObject({ decisions: 0 })
    expect(agent.status().decisions.rewarded).toBe(1)
    expect(pruned(at, { decisions: { expiredOlderThanMs: 5_000 } })).toMatchObject({ decisions: 1 })
  })

  test('refuses what is no age', () => {
    const at = clockedStore()
    for (const decisions of [{ openOlderThanMs: -1 }, { older: 1 } as object]) {
      expect(() => pruned(at, { decisions })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    }
  })
})
