// The sums of experiences: what they contain, that pruning leaves them, and that merging and deleting keep them true.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AsyncStore, type Experience, openLearningStore } from '../../../src/entry/node.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'learning-sums-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const BANDIT = { policy: 'thompson-gaussian', discountFactor: 0 } as const

const experience = fc.record({
  state: fc.constantFrom('s', 't'),
  action: fc.constantFrom('x', 'y'),
  reward: fc.double({ min: -5, max: 5, noNaN: true }),
  nextState: fc.constantFrom('s', 't'),
  terminated: fc.boolean(),
  text: fc.constantFrom('keep', 'drop'),
})
type Given = typeof experience extends fc.Arbitrary<infer T> ? T : never

const toExperience = ({ text, ...rest }: Given): Experience => ({ ...rest, taskId: text })

/** The sums as the store keeps them, and as its experiences give them. */
async function sums(store: AsyncStore): Promise<{ kept: Map<string, number[]>; counted: Map<string, number[]> }> {
  const kept = await store.query(
    `SELECT agent_id, state, action, next_state, terminated, count, mean, m2, least, greatest FROM learning_sums`,
    [],
    { limit: 10_000 },
  )
  const rows = await store.query(
    'SELECT agent_id, state, action, next_state, coalesce(terminated, 0), reward FROM learning_experiences',
    [],
    { limit: 10_000 },
  )
  const rewards = new Map<string, number[]>()
  for (const row of rows.rows) {
    const key = JSON.stringify(row.slice(0, 5))
    rewards.set(key, [...(rewards.get(key) ?? []), Number(row[5])])
  }
  const counted = [...rewards].map(([key, of]) => {
    const mean = of.reduce((sum, reward) => sum + reward, 0) / of.length
    const m2 = of.reduce((sum, reward) => sum + (reward - mean) ** 2, 0)
    return [key, [of.length, mean, m2, Math.min(...of), Math.max(...of)]] as [string, number[]]
  })
  return {
    kept: new Map(kept.rows.map((row) => [JSON.stringify(row.slice(0, 5)), row.slice(5).map(Number)])),
    counted: new Map(counted),
  }
}

function expectEqualSums(one: Map<string, number[]>, other: Map<string, number[]>, digits = 9): void {
  expect([...one.keys()].sort()).toEqual([...other.keys()].sort())
  for (const [key, numbers] of one) {
    for (const [i, number] of numbers.entries())
      expect(number, key).toBeCloseTo(other.get(key)?.[i] ?? Number.NaN, digits)
  }
}

async function valuesOf(store: AsyncStore, agentId: string): Promise<Map<string, number>> {
  const values = await store.values.list({ agentId, limit: 1_000 })
  return new Map(values.map(({ stateKey, actionKey, value }) => [`${stateKey} ${actionKey}`, value]))
}

function expectEqualValues(one: Map<string, number>, other: Map<string, number>): void {
  expect([...one.keys()].sort()).toEqual([...other.keys()].sort())
  for (const [key, value] of one) expect(value, key).toBeCloseTo(other.get(key) ?? Number.NaN, 9)
}

describe('the sums of experiences', () => {
  test('contain what was learned, recorded, imported, sent twice and rolled back; deleting subtracts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(experience, { maxLength: 30 }),
        fc.array(experience, { maxLength: 10 }),
        async (a, b) => {
          const store = await openLearningStore({ storage: 'memory:' })
          const [td, bandit] = [await store.agent('td'), await store.agent('bandit', BANDIT)]
          await td.learnMany(a.map(toExperience))
          for (const one of b) await bandit.learn(toExperience(one))
          for (const one of b) await store.experiences.add('td', { ...toExperience(one), id: 'sent twice' })
          await expect(
            td.learnMany([{ state: 's', action: 'x', reward: 1 }, { state: 's' } as never]),
          ).rejects.toThrow()
          const { kept, counted } = await sums(store)
          expectEqualSums(kept, counted)

          const imported = await openLearningStore({ storage: 'memory:' })
          const [file] = await store.exportFile({ format: 'json-lines' })
          for (let times = 0; times < 2; times++) await imported.importFile(file?.bytes ?? new Uint8Array())
          expectEqualSums((await sums(imported)).kept, kept)
          await imported.close()

          const drops = [...a, ...b].filter(({ text }) => text === 'drop').length
          const added = Number(b.length > 0 && b[0]?.text === 'drop')
          expect(await store.experiences.delete({ text: 'drop' })).toBe(drops + added)
          const after = await sums(store)
          expectEqualSums(after.kept, after.counted)
          expect(await store.verify()).toEqual({ ok: true, findings: [] })
          // The values of a bandit are the means of what is left.
          const only = await openLearningStore({ storage: 'memory:' })
          await (await only.agent('bandit', BANDIT)).learnMany(
            b.filter(({ text }) => text === 'keep').map(toExperience),
          )
          expectEqualValues(await valuesOf(store, 'bandit'), await valuesOf(only, 'bandit'))
          await Promise.all([store.close(), only.close()])
        },
      ),
      { numRuns: 40, seed: 1 },
    )
  })

  test('stay when experiences are pruned, and with them plans and intervals', async () => {
    const store = await openLearningStore({ storage: 'memory:' })
    const agent = await store.agent('walker')
    const random = fc.sample(experience, { numRuns: 300, seed: 2 }).map(toExperience)
    await agent.learnMany(random)
    await agent.plan()
    const [planned, before] = [await valuesOf(store, 'walker'), await sums(store)]
    await store.prune({ experiences: { perAgent: 50 } })
    expect(await store.experiences.count()).toBe(70)
    expectEqualSums((await sums(store)).kept, before.kept, 15)
    await agent.plan()
    expect(await valuesOf(store, 'walker')).toEqual(planned)

    const clicks = await store.agent('clicks')
    await clicks.learnMany(
      Array.from({ length: 100 }, (_, i) => ({ state: 's', action: 'x', reward: Number(i < 60), terminated: true })),
    )
    const { interval } = await clicks.recommend('s')
    await store.prune({ experiences: { perAgent: 0 } })
    expect((await clicks.recommend('s')).interval).toEqual(interval)
    // Deleting what is left subtracts it from the sums: the first 20 rewards, all 1.
    expect(await clicks.experiences.delete({ minReward: 1 })).toBe(20)
    const { kept } = await sums(store)
    const [left] = [...kept].filter(([key]) => key.includes('clicks')).map(([, numbers]) => numbers)
    expect(left?.[0]).toBe(80)
    expect(left?.[1]).toBeCloseTo(0.5, 12)
    expect(left?.[2]).toBeCloseTo(20, 9)
    await store.close()
  })

  test('make actions that are offered and untried count with the initial value in plans', async () => {
    const store = await openLearningStore({ storage: 'memory:' })
    const agent = await store.agent('shopper', { discountFactor: 1 })
    const step = { state: 'menu', action: 'open', reward: -1, nextState: 'form' }
    await agent.learn({ ...step, nextActions: ['submit', 'cancel'] })
    await agent.learn({ state: 'form', action: 'submit', reward: -5, terminated: true })
    await agent.plan()
    expect((await valuesOf(store, 'shopper')).get('menu open')).toBe(-1)
    await agent.learn({ state: 'form', action: 'cancel', reward: -2, terminated: true })
    await agent.plan()
    expect((await valuesOf(store, 'shopper')).get('menu open')).toBe(-3)
    await store.close()
  })

  test('are deleted with what an agent learned', async () => {
    const store = await openLearningStore({ storage: 'memory:' })
    const agent = await store.agent('one')
    const other = await store.agent('other')
    for (const one of [agent, other])
      await one.learn({ state: 's', action: 'x', reward: 1, nextState: 't', nextActions: ['x'] })
    await store.resetAgent('one')
    const { kept, counted } = await sums(store)
    expect(kept.size).toBe(1)
    expectEqualSums(kept, counted)
    expect((await store.query('SELECT agent_id FROM offered_actions')).rows).toEqual([['other']])
    await store.close()
  })
})

describe('merging after pruning', () => {
  const rewards = (n: number, from: number): Experience[] =>
    Array.from({ length: n }, (_, i) => ({
      state: i % 3,
      action: i % 2 === 0 ? 'x' : 'y',
      reward: Math.sin(from + i) * 10,
      terminated: true,
    }))

  test('gives a bandit the values of all experiences, in either direction, and merging back adds nothing', async () => {
    const replica = async (from: number): Promise<AsyncStore> => {
      const store = await openLearningStore({ storage: 'memory:' })
      await (await store.agent('bandit', BANDIT)).learnMany(rewards(100, from))
      return store
    }
    const [a, b, pooled] = [await replica(0), await replica(1000), await replica(0)]
    await (await pooled.agent('bandit')).learnMany(rewards(100, 1000))
    for (const store of [a, b]) await store.prune({ experiences: { perAgent: 30 } })
    const [fileOfA, fileOfB] = [await a.snapshot(), await b.snapshot()]
    await a.importFile(fileOfB)
    await b.importFile(fileOfA)
    const expected = await valuesOf(pooled, 'bandit')
    expectEqualValues(await valuesOf(a, 'bandit'), expected)
    expectEqualValues(await valuesOf(b, 'bandit'), expected)
    expectEqualSums((await sums(a)).kept, (await sums(pooled)).kept)
    const [statusOfA, statusOfPooled] = [
      await (await a.agent('bandit')).status(),
      await (await pooled.agent('bandit')).status(),
    ]
    expect(statusOfA.experienceCount).toBe(200)
    expect(statusOfA.learnedScale).toBeCloseTo(statusOfPooled.learnedScale ?? Number.NaN, 9)

    // Once more, with what each learned since, and pruned again.
    await (await a.agent('bandit')).learnMany(rewards(40, 5000))
    await (await pooled.agent('bandit')).learnMany(rewards(40, 5000))
    await b.importFile(await a.snapshot())
    await a.prune({ experiences: { perAgent: 0 } })
    await a.importFile(await b.snapshot())
    for (const store of [a, b]) {
      expectEqualValues(await valuesOf(store, 'bandit'), await valuesOf(pooled, 'bandit'))
      expectEqualSums((await sums(store)).kept, (await sums(pooled)).kept)
      expect(await store.verify()).toEqual({ ok: true, findings: [] })
    }
    await Promise.all([a, b, pooled].map((store) => store.close()))
  })

  test('is refused for values that only all experiences in order give, and changes nothing', async () => {
    const [a, b] = [await openLearningStore({ storage: 'memory:' }), await openLearningStore({ storage: 'memory:' })]
    for (const store of [a, b]) await (await store.agent('td')).learnMany(rewards(60, 3))
    await b.prune({ experiences: { perAgent: 20 } })
    const before = [await sums(a), await valuesOf(a, 'td')]
    const file = await b.snapshot()
    await expect(a.importFile(file)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect([await sums(a), await valuesOf(a, 'td')]).toEqual(before)
    await a.importFile(file, { forgetRemoved: true })
    await Promise.all([a.close(), b.close()])
  })

  test('does not bring back what was pruned or deleted here', async () => {
    const [a, b] = [await openLearningStore({ storage: 'memory:' }), await openLearningStore({ storage: 'memory:' })]
    await (await a.agent('bandit', BANDIT)).learnMany(rewards(50, 3).map((one, i) => ({ ...one, taskId: `task ${i}` })))
    await b.importFile(await a.snapshot())
    await (await b.agent('bandit')).learnMany(rewards(5, 77))
    expect(await a.experiences.delete({ agentId: 'bandit', text: 'task 7' })).toBe(1)
    await a.importFile(await b.snapshot())
    expect(await a.experiences.count()).toBe(54)
    expect(await a.experiences.count({ agentId: 'bandit', text: 'task 7' })).toBe(0)
    // Not even the last one, whose sequence no later experience shows to be known.
    expect(await a.experiences.delete({ agentId: 'bandit', text: 'task 49' })).toBe(1)
    await a.importFile(await b.snapshot())
    expect(await a.experiences.count()).toBe(53)
    const { kept, counted } = await sums(a)
    expectEqualSums(kept, counted)
    await Promise.all([a.close(), b.close()])
  })
})

describe('a copied store', () => {
  const learn = async (path: string, ...names: readonly string[]): Promise<void> => {
    const store = await openLearningStore({ storage: `file:${path}` as const })
    const agent = await store.agent('bandit', BANDIT)
    for (const name of names) await agent.learn({ state: 's', action: name, reward: name.length, terminated: true })
    await store.close()
  }

  const identity = async (path: string): Promise<{ replica: unknown; origins: unknown[] }> => {
    const store = await openLearningStore({ storage: `file:${path}` as const })
    const replica = await store.query("SELECT value FROM store_meta WHERE key = 'replica_id'")
    const own = String(replica.rows[0]?.[0])
    const rows = await store.query(
      'SELECT coalesce(replica_id, ?), coalesce(replica_sequence, id), experience_id FROM learning_experiences ORDER BY 1, 2',
      [own],
    )
    await store.close()
    return { replica: own, origins: rows.rows.map((row) => [...row]) }
  }

  const mergeFrom = async (into: string, from: string): Promise<void> => {
    const [store, other] = [
      await openLearningStore({ storage: `file:${into}` as const }),
      await openLearningStore({ storage: `file:${from}` as const }),
    ]
    await store.importFile(await other.snapshot())
    await Promise.all([store.close(), other.close()])
  }

  test('is noticed by the sequences and ids of its experiences, and takes a new id', async () => {
    const [original, first, second] = ['original.db', 'first.db', 'second.db'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    await learn(original, 'a', 'bb')
    for (const copy of [first, second]) copyFileSync(original, copy)
    const shared = (await identity(first)).replica
    expect((await identity(second)).replica).toBe(shared)
    await learn(first, 'ccc', 'dddd')
    await learn(second, 'eeeee', 'ffffff')

    await mergeFrom(first, second)
    await mergeFrom(second, first)
    const [one, other] = [await identity(first), await identity(second)]
    expect(one.replica).not.toBe(other.replica)
    expect(one.origins).toEqual(other.origins)
    expect(one.origins).toHaveLength(6)
    // No two experiences have the same origin and sequence.
    expect(new Set(one.origins.map((row) => JSON.stringify((row as unknown[]).slice(0, 2)))).size).toBe(6)

    await learn(first, 'ggggggg')
    await learn(second, 'hhhhhhhh')
    await mergeFrom(first, second)
    await mergeFrom(second, first)
    const all = await identity(first)
    expect(all.origins).toHaveLength(8)
    expect((await identity(second)).origins).toEqual(all.origins)
    const store = await openLearningStore({ storage: `file:${first}` as const })
    const { kept, counted } = await sums(store)
    expectEqualSums(kept, counted)
    await store.close()
  })

  test('that merged another store in the place of what its original learned since is told apart from it', async () => {
    const [path, backup, third] = ['store.db', 'backup.db', 'third.db'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    await learn(path, 'a', 'bb')
    copyFileSync(path, backup)
    await learn(path, 'ccc')
    await learn(third, 'dddd', 'eeeee')
    await mergeFrom(backup, third)
    await mergeFrom(backup, path)
    await learn(backup, 'ffffff')
    await learn(path, 'ggggggg')
    await mergeFrom(path, backup)
    await mergeFrom(backup, path)
    const [one, other] = [await identity(path), await identity(backup)]
    expect(one.replica).not.toBe(other.replica)
    expect(one.origins).toHaveLength(7)
    expect(new Set(one.origins.map((row) => JSON.stringify((row as unknown[]).slice(0, 2)))).size).toBe(7)
    expect(other.origins.map((row) => (row as unknown[])[2]).sort()).toEqual(
      one.origins.map((row) => (row as unknown[])[2]).sort(),
    )
  })

  test('that is older than the other goes on under a new id', async () => {
    const [path, backup] = [join(folder, 'store.db'), join(folder, 'backup.db')]
    await learn(path, 'a', 'bb')
    copyFileSync(path, backup)
    await learn(path, 'ccc')
    await mergeFrom(backup, path)
    await learn(backup, 'dddd')
    await learn(path, 'eeeee')
    await mergeFrom(path, backup)
    await mergeFrom(backup, path)
    const [one, other] = [await identity(path), await identity(backup)]
    expect(one.replica).not.toBe(other.replica)
    expect(one.origins).toEqual(other.origins)
    expect(new Set(one.origins.map((row) => JSON.stringify((row as unknown[]).slice(0, 2)))).size).toBe(5)
  })
})
