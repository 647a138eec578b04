import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { type AsyncStore, openLearningStore } from '../../../src/entry/node.ts'

const clock = { now: Date.UTC(2026, 0, 1) }
const stores: AsyncStore[] = []
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()))
})

/** A store whose replica is a copy of another, if one is given. */
async function replica(copied?: AsyncStore): Promise<AsyncStore> {
  const store = await openLearningStore({ storage: 'memory:', seed: 7, now: () => clock.now })
  stores.push(store)
  if (copied) await store.importFile(await copied.snapshot())
  return store
}

async function mergeBoth(a: AsyncStore, b: AsyncStore): Promise<void> {
  const [before, other] = [await a.snapshot(), await b.snapshot()]
  await a.importFile(other)
  await b.importFile(before)
}

/** Decisions, experiences, values and sums. */
async function learned(store: AsyncStore): Promise<unknown> {
  const decisions = (await store.decisions.list()).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const experiences = (await store.experiences.list()).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const { rows } = await store.query(
    'SELECT state, action, count, mean, m2 FROM learning_sums ORDER BY agent_id, state, action, next_state, terminated',
  )
  return { decisions, experiences, rows, values: await store.values.list({ agentId: 'x' }) }
}

const bandit = { policy: 'ucb1' } as const
const actions = ['a', 'b']

describe('merging decisions', () => {
  test('adds those that are open, so that their reward can be given in either store', async () => {
    const [a, b] = [await replica(), await replica()]
    const { id } = await (await a.agent('x', bandit)).decide('s', { actions })
    await b.importFile(await a.snapshot())
    const agent = await b.agent('x')
    expect((await agent.decisions.get(id))?.status).toBe('open')
    const first = await agent.reward(id, 1)
    await a.importFile(await b.snapshot())
    expect(await (await a.agent('x')).reward(id, 1)).toEqual(first)
    expect(await a.experiences.count()).toBe(1)
  })

  test.each([[0], [25]])('keeps the earlier of two rewards, with %i pruned experiences', async (pruned) => {
    const origin = await replica()
    const agent = await origin.agent('x', bandit)
    for (let i = 0; i < 20 + pruned; i++)
      await agent.learn({ state: 's', action: 'a', reward: i % 2, terminated: true })
    if (pruned > 0) await origin.prune({ experiences: { perAgent: 0 } })
    const { id, action } = await agent.decide('s', { actions })
    const [a, b] = [await replica(origin), await replica(origin)]
    clock.now += 1_000
    await (await b.agent('x')).reward(id, 0.25)
    clock.now += 1_000
    await (await a.agent('x')).reward(id, 0.75)
    await mergeBoth(a, b)
    const [mine, theirs] = [await learned(a), await learned(b)]
    expect(mine).toEqual(theirs)
    for (const store of [a, b]) {
      expect(await (await store.agent('x')).decisions.get(id)).toMatchObject({ status: 'rewarded', reward: 0.25 })
      await expect((await store.agent('x')).reward(id, 0.75)).rejects.toMatchObject({ code: 'ALREADY_REWARDED' })
      const { rows } = await store.query('SELECT sum(count), sum(count * mean) FROM learning_sums WHERE action = ?', [
        JSON.stringify(action),
      ])
      const before = action === 'a' ? 20 + pruned : 0
      expect(rows[0]?.[0]).toBe(before + 1)
      expect(rows[0]?.[1]).toBeCloseTo(Math.floor(before / 2) + 0.25, 9)
      expect(await store.verify()).toEqual({ ok: true, findings: [] })
    }
  })

  test('does not bring back one that was deleted', async () => {
    const a = await replica()
    const agent = await a.agent('x', bandit)
    await agent.learn({ state: 's', action: 'a', reward: 0, terminated: true })
    const { id } = await agent.decide('s', { actions })
    await agent.reward(id, 1, { metadata: { user: 'u' } })
    const b = await replica(a)
    await agent.experiences.delete({ metadata: { user: 'u' } })
    await a.importFile(await b.snapshot())
    expect([await a.decisions.count(), await a.experiences.count()]).toEqual([0, 1])
  })

  test('gives two copies of a store the same, whichever decisions each rewarded, and when', async () => {
    const step = fc.record({ at: fc.nat({ max: 5 }), reward: fc.constantFrom(0, 0.5, 1), seconds: fc.nat({ max: 2 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), fc.array(step, { maxLength: 8 }), async (mine, theirs) => {
        const origin = await replica()
        const agent = await origin.agent('x', { ...bandit, rewardWithinMs: 60_000 })
        const ids: string[] = []
        for (let i = 0; i < 6; i++) ids.push((await agent.decide(i % 2, { actions })).id)
        const [a, b] = [await replica(origin), await replica(origin)]
        const start = clock.now
        for (const [store, steps] of [[a, mine] as const, [b, theirs] as const]) {
          clock.now = start
          const own = await store.agent('x')
          for (const { at, reward, seconds } of steps) {
            clock.now += seconds * 1_000
            await own.reward(ids[at] ?? '', reward).catch((error) => expect(error.code).toBe('ALREADY_REWARDED'))
          }
        }
        await mergeBoth(a, b)
        expect(await learned(a)).toEqual(await learned(b))
        const status = (await (await a.agent('x')).status()).decisions
        expect(status.rewarded).toBe(await a.experiences.count())
        expect(status.rewarded + status.open).toBe(6)
      }),
      { numRuns: 10, seed: 1 },
    )
  })
})
