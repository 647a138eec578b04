import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { COLLECTIONS } from '../../src/collections.ts'
import type { AsyncAgent, AsyncStore, Durability } from '../../src/entry/node.ts'

export interface LossHarness {
  /** Opens the store of this test; again after it was closed or lost. */
  open(options?: { durability?: Durability }): Promise<AsyncStore>
  /** A new storage for the next test. */
  reset(): Promise<void>
  /** Ends the worker that was started last, as a crash does. Resolves when it is gone. */
  kill(): Promise<void>
  /** How many workers were started. */
  started(): number
}

/** What a client promises when its worker dies. */
export function lossContract(name: string, harness: LossHarness): void {
  for (const durability of ['strict', 'relaxed'] as const) lossContractOf(`${name}, ${durability}`, harness, durability)
}

function lossContractOf(name: string, harness: LossHarness, durability: Durability): void {
  describe(`when its worker is lost, a client ${name}`, () => {
    let store: AsyncStore
    let agent: AsyncAgent
    beforeEach(async () => {
      await harness.reset()
      store = await harness.open({ durability })
      agent = await store.agent('a')
    })
    afterEach(() => store.close())

    const experience = (i: number): Parameters<AsyncAgent['learn']>[0] => ({
      state: `s${i % 5}`,
      action: 'x',
      reward: 1,
      terminated: true,
    })

    test('starts another from what was durable, at the next call', async () => {
      for (let i = 0; i < 5; i++) await agent.learn(experience(i))
      if (durability === 'relaxed') await store.flush()
      await harness.kill()
      const started = harness.started()
      expect(await store.experiences.count()).toBe(5)
      expect(harness.started()).toBe(started + 1)
      await agent.learn(experience(5))
      expect(await store.experiences.count()).toBe(6)
    })

    test('settles every call in flight, and learns each experience once', async () => {
      for (let round = 0; round < 5; round++) {
        const before = await store.experiences.count()
        const calls = Array.from({ length: 200 }, (_, i) => agent.learn(experience(i)))
        // Some are sent in the same message, some after it.
        await Promise.resolve()
        const more = Array.from({ length: 20 }, (_, i) => agent.learn(experience(i)))
        if (round % 2 === 0) await more[0]?.catch(() => {})
        const killed = harness.kill()
        const results = await Promise.allSettled([...calls, ...more])
        await killed
        expect(results.filter(({ status }) => status === 'rejected')).toEqual([])
        if (durability === 'strict') expect(await store.experiences.count()).toBe(before + 220)
        else expect(await store.experiences.count()).toBeLessThanOrEqual(before + 220)
      }
      const visits = (await store.values.list({ agentId: 'a' })).reduce((sum, one) => sum + one.visits, 0)
      expect(visits).toBe(await store.experiences.count())
    })

    test('rejects calls that must not be sent twice with WORKER_LOST', async () => {
      const call = store.executionPatterns.addMany(Array.from({ length: 2_000 }, () => ({ taskType: 't' })))
      const rejected = expect(call).rejects.toMatchObject({ code: 'WORKER_LOST' })
      await harness.kill()
      await rejected
      // All of them or none.
      expect([0, 2_000]).toContain((await store.executionPatterns.list({ limit: 10_000 })).length)
    })

    test('rejects a flush with WORKER_LOST: its writes may be lost', async () => {
      const relaxed = store
      const flushed = Promise.allSettled(Array.from({ length: 20 }, () => relaxed.flush()))
      const killed = harness.kill()
      const reasons = (await flushed).flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
      expect(reasons.filter((code) => code !== 'WORKER_LOST')).toEqual([])
      await killed
      await store.flush()
    })

    test('continues to notify subscribers, after notifying them of possibly missed commits', async () => {
      const commits: { sequence: number; collections: readonly string[] }[] = []
      const counts: number[] = []
      store.subscribe((commit) => commits.push(commit))
      store.live(
        (queries) => queries.experiences.count(),
        (count) => counts.push(count),
      )
      const policy = await agent.policy()
      await agent.learn(experience(0))
      await store.flush()
      await expect.poll(() => [commits.length, counts.at(-1)]).toEqual([1, 1])
      await harness.kill()
      await expect.poll(() => commits.length).toBe(2)
      expect(commits[1]?.collections).toEqual(COLLECTIONS)
      await agent.learn(experience(1))
      await expect.poll(() => commits.length).toBe(3)
      await expect.poll(() => counts.at(-1)).toBe(2)
      await expect.poll(() => policy.valuesOf('s1')).toHaveLength(1)
      policy.close()
    })

    test('still has its agents, also one that was not durable', async () => {
      for (let i = 0; i < 5; i++) {
        const fresh = await store.agent(`fresh-${i}`, { learningRate: 0.5 })
        await harness.kill()
        expect(await fresh.status()).toMatchObject({ id: `fresh-${i}`, learningRate: 0.5 })
        await fresh.learn(experience(0))
      }
    })

    test('hears of commits again when it begins to listen only after the loss', async () => {
      await harness.kill()
      const commits: number[] = []
      store.subscribe(({ sequence }) => commits.push(sequence))
      await agent.learn(experience(0))
      await expect.poll(() => commits.length).toBeGreaterThan(0)
    })

    test.runIf(durability === 'relaxed')('settles even very many calls', async () => {
      const calls = Array.from({ length: 120_000 }, () => store.agents.list())
      await Promise.resolve()
      const killed = harness.kill()
      const results = await Promise.allSettled(calls)
      await killed
      expect(results.filter(({ status }) => status === 'rejected')).toEqual([])
    })

    test('can be closed', async () => {
      await agent.learn(experience(0))
      await store.flush()
      await harness.kill()
      // It may notice the loss only now; then it says so, and is closed all the same.
      await store.close().catch((error: unknown) => expect(error).toMatchObject({ code: 'WORKER_LOST' }))
      await expect(agent.status()).rejects.toMatchObject({ code: 'CLOSED' })
      store = await harness.open()
      expect(await store.experiences.count()).toBe(1)
    })
  })
}
