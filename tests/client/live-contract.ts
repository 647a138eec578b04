import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AsyncAgent, AsyncStore, Policy } from '../../src/entry/node.ts'
import type { ClientUnderTest } from './client-contract.ts'

/** What every client of a store promises of live queries and of policies. */
export function watchingContract(name: string, harness: ClientUnderTest): void {
  describe(`watching, ${name}`, () => {
    let store: AsyncStore
    let agent: AsyncAgent
    beforeEach(async () => {
      store = await harness.open({ durability: 'relaxed' })
      agent = await store.agent('a', { explorationRate: 0 })
    })
    afterEach(() => store.close())

    const learn = (reward = 1, state = 's', action = 'x'): ReturnType<AsyncAgent['learn']> =>
      agent.learn({ state, action, reward, terminated: true })

    describe('a live query', () => {
      test('runs now and after every change of what it reads', async () => {
        const counts: number[] = []
        using _ = store.live(
          (queries) => queries.experiences.count(),
          (count) => counts.push(count),
        )
        await expect.poll(() => counts).toEqual([0])
        await learn()
        await expect.poll(() => counts.at(-1)).toBe(1)
        await Promise.all(Array.from({ length: 50 }, () => learn()))
        await expect.poll(() => counts.at(-1)).toBe(51)
        expect(counts.length).toBeLessThan(51)
      })

      test('does not run again when something else changes', async () => {
        let patternsAsked = 0
        let valuesAsked = 0
        store.live(
          (queries) => queries.executionPatterns.list(),
          () => patternsAsked++,
        )
        store.live(
          async (queries) => [await queries.values.get('a', 's'), await queries.recommend('a', 's')],
          () => valuesAsked++,
        )
        await expect.poll(() => [patternsAsked, valuesAsked]).toEqual([1, 1])
        await learn()
        await expect.poll(() => valuesAsked).toBe(2)
        await store.executionPatterns.add({ taskType: 't' })
        await expect.poll(() => patternsAsked).toBe(2)
        expect(valuesAsked).toBe(2)
      })

      test('runs again when a recommendation has more experiences as evidence', async () => {
        const found: (readonly string[])[] = []
        await learn()
        store.live(
          async (queries) => (await queries.recommend('a', 's')).evidence.experienceIds,
          (ids) => found.push(ids),
        )
        await expect.poll(() => found.length).toBe(1)
        await store.experiences.add('a', { id: 'kept', state: 's', action: 'x', reward: 1, terminated: true })
        await expect.poll(() => found.at(-1)?.[0]).toBe('kept')
      })

      test('ends when it is unsubscribed', async () => {
        const counts: number[] = []
        const rest: number[] = []
        const ended = store.live(
          (queries) => queries.experiences.count(),
          (count) => counts.push(count),
        )
        await expect.poll(() => counts).toEqual([0])
        ended.unsubscribe()
        store.live(
          (queries) => queries.experiences.count(),
          (count) => rest.push(count),
        )
        await learn()
        await expect.poll(() => rest.at(-1)).toBe(1)
        expect(counts).toEqual([0])
      })

      test('that fails reports the error and runs again', async () => {
        const errors: unknown[] = []
        const results: number[] = []
        store.live(
          async (queries) => {
            const count = await queries.experiences.count()
            if (count % 2 === 0) throw new Error(`Even: ${count}`)
            return count
          },
          (count) => results.push(count),
          { onError: (error) => errors.push(error) },
        )
        await expect.poll(() => errors.map(String)).toEqual(['Error: Even: 0'])
        await learn()
        await expect.poll(() => results).toEqual([1])
      })

      test('cannot write', async () => {
        const errors: unknown[] = []
        store.live(
          (queries) => queries.executionPatterns.add({ taskType: 't' }),
          () => {},
          { onError: (error) => errors.push(error) },
        )
        await expect.poll(() => errors).toEqual([expect.objectContaining({ code: 'INVALID_ARGUMENT' })])
        expect(await store.executionPatterns.list()).toEqual([])
      })

      test('without onError, and its listener, are reported', async () => {
        const reports = harness.reports()
        store.live(
          () => Promise.reject(new Error('A query rejects')),
          () => {},
        )
        store.live(
          async (queries) => (await queries.agents.list()).map(({ id }) => id),
          () => {
            throw new Error('A listener throws')
          },
        )
        await expect
          .poll(() => reports.mock.calls.map(([error]) => String(error)).sort())
          .toEqual(['Error: A listener throws', 'Error: A query rejects'])
        reports.mockRestore()
      })
    })

    describe('a policy', () => {
      let policy: Policy
      beforeEach(async () => {
        await learn(1, 's', 'x')
        await learn(2, 's', 'y')
        policy = await agent.policy({ seed: 1 })
      })
      afterEach(() => policy.close())

      test('chooses in this thread as the agent would', async () => {
        expect(policy.selectAction('s')).toEqual(await agent.selectAction('s'))
        expect(policy.selectAction('s')).toMatchObject({ action: 'y', probability: 1, explored: false })
        const actions = ['z', 'x']
        expect(policy.selectAction('s', { actions })).toEqual(await agent.selectAction('s', { actions }))
        expect(policy.valuesOf('s')).toEqual(await store.values.get('a', 's'))
        expect(policy.valuesOf('unknown')).toEqual([])
      })

      test('explores as the agent does, from its own seed', async () => {
        await store.agent('a', { explorationRate: 1 })
        await policy.fresh()
        expect(policy.explorationRate).toBe(1)
        const draws = (one: Policy): string[] => Array.from({ length: 40 }, () => String(one.selectAction('s').action))
        const drawn = draws(policy)
        expect(new Set(drawn)).toEqual(new Set(['x', 'y']))
        expect(draws(await agent.policy({ seed: 1 }))).toEqual(drawn)
        expect(draws(await agent.policy({ seed: 2 }))).not.toEqual(drawn)
      })

      test('follows what is learned, in old and new states', async () => {
        for (let i = 0; i < 5; i++) await learn(5, 's', 'x')
        await expect.poll(() => policy.selectAction('s').action).toBe('x')
        await learn(1, 'new', 'z')
        await expect.poll(() => policy.valuesOf('new')).toEqual([{ action: 'z', value: 0.1, visits: 1 }])
        await store.agent('a', { explorationRate: 0.5 })
        await expect.poll(() => policy.explorationRate).toBe(0.5)
      })

      test('is up to date after fresh()', async () => {
        await learn(1, 'other', 'z')
        await policy.fresh()
        expect(policy.valuesOf('other')).toHaveLength(1)
      })

      test('throws the errors of the agent', async () => {
        for (const [state, options] of [
          [undefined as never, {}],
          ['unknown', {}],
          ['s', { actions: [] }],
          ['s', { greedy: 1 as never }],
          ['s', { gready: true } as object],
        ] as const) {
          const message = await agent.selectAction(state, options).then(
            () => 'chosen',
            (error: Error) => error.message,
          )
          expect(message).not.toBe('chosen')
          expect(() => policy.selectAction(state, options)).toThrow(message)
        }
        await expect((await store.agent('a')).policy({ seed: -1 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
      })

      test('answers nothing any more when it is closed', () => {
        policy.close()
        expect(() => policy.selectAction('s')).toThrow(expect.objectContaining({ code: 'CLOSED' }))
      })
    })
  })
}
