import { afterEach, beforeEach, describe, expect, type MockInstance, test } from 'vitest'
import type { AsyncAgent, AsyncStore, Durability, NewTestPattern, StoreCommit } from '../../src/entry/node.ts'

export interface ClientUnderTest {
  /** Whether the calls of one tick are one transaction. */
  readonly batches: boolean
  /** Opens a new store in a storage with a log. */
  open(options: { durability: Durability }): Promise<AsyncStore>
  /** Watches what is reported to people. */
  reports(): MockInstance
}

/** What every client of a store promises of calls, and of those who watch commits. */
export function clientContract(name: string, harness: ClientUnderTest): void {
  describe(`a client, ${name}`, () => {
    let store: AsyncStore
    let agent: AsyncAgent
    beforeEach(async () => {
      store = await harness.open({ durability: 'relaxed' })
      agent = await store.agent('a', { explorationRate: 0 })
    })
    afterEach(() => store.close())

    const learn = (reward = 1, state = 's'): ReturnType<AsyncAgent['learn']> =>
      agent.learn({ state, action: 'x', reward, terminated: true })

    describe('answers', () => {
      test.skipIf(!harness.batches)('the calls of one tick from one transaction', async () => {
        const { sequence } = await store.status()
        await Promise.all(Array.from({ length: 20 }, () => learn()))
        expect((await store.status()).sequence).toBe(sequence + 1)
        await learn()
        await learn()
        expect((await store.status()).sequence).toBe(sequence + 3)
      })

      test('each call of a tick by itself when one of them fails', async () => {
        const bad = [Number.NaN, Number.MAX_VALUE]
        const calls = [
          learn(1),
          ...bad.map((reward) => learn(reward)),
          agent.learn({ state: () => 1, action: 'x', reward: 1 } as never),
          learn(2),
          store.values.get('a', 's'),
        ]
        const results = await Promise.allSettled(calls)
        expect(results.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, false, true, true])
        expect(results.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))).toEqual([
          'INVALID_ARGUMENT',
          'INVALID_ARGUMENT',
        ])
        expect(await store.experiences.count()).toBe(3)
      })

      test('in the order of the calls, each seeing those before it', async () => {
        const counts = await Promise.all(
          Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? learn().then(() => -1) : store.experiences.count())),
        )
        expect(counts).toEqual([-1, 1, -1, 2, -1, 3])
      })

      test('status and flush after what was called before them in the same tick', async () => {
        const before = await store.status()
        const calls = [learn(), store.status(), learn(), store.flush()] as const
        const [, { counts }] = await Promise.all(calls)
        expect(counts.experiences).toBeGreaterThan(before.counts.experiences)
        const { sequence, durableSequence } = await store.status()
        expect(durableSequence).toBe(sequence)
      })

      test('the same error for data that is not plain, wherever the store runs', async () => {
        class Position {
          readonly at = 1
        }
        const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)])
        const circular: unknown[] = []
        circular.push(circular)
        const states = [new Position(), new Date(0), new Map(), Symbol('s'), () => 1, deep(3_000), circular, 1n]
        for (const [i, state] of states.entries()) {
          const refused = agent.learn({ state, action: 'x', reward: 1, terminated: true } as never)
          await expect(refused).rejects.toMatchObject({
            code: i === 5 || i === 6 ? 'TOO_LARGE' : 'INVALID_ARGUMENT',
            message: expect.stringContaining('Expected state to hold plain data'),
          })
        }
        expect(await store.experiences.count()).toBe(0)
        const bare = Object.assign(Object.create(null) as object, { a: 1 }) as { a: number }
        const learned = agent.learn({ state: bare, action: 'x', reward: 1, terminated: true })
        bare.a = 2
        await learned
        expect((await store.values.listByState('a')).map(({ stateKey }) => stateKey)).toEqual(['a:1'])
      })

      test('choices without a commit, however many in a tick', async () => {
        await store.agent('a', { explorationRate: 1 })
        await learn()
        const { sequence } = await store.status()
        const options = { actions: ['x', 'y'] }
        await Promise.all(Array.from({ length: 5 }, () => agent.selectAction('s', options)))
        expect((await store.status()).sequence).toBe(sequence)
      })

      test('by the arguments as they were when it was called', async () => {
        const experience = { state: { at: [1] }, action: 'x', reward: 1, terminated: true }
        const first = agent.learn(experience)
        experience.state.at[0] = 2
        experience.reward = 5
        await Promise.all([first, agent.learn(experience)])
        expect(
          (await store.values.listByState('a')).map(({ stateKey, actions }) => [stateKey, actions[0]?.value]),
        ).toEqual([
          ['at:1,', 0.1],
          ['at:2,', 0.5],
        ])
      })

      test('with the code, message and cause of an error', async () => {
        const error = await store.experiences.get('a', '').catch((reason: unknown) => reason)
        expect(error).toMatchObject({
          name: 'StoreError',
          code: 'INVALID_ARGUMENT',
          message: 'Expected id to be a non-empty string, got ""',
        })
        expect(error).toBeInstanceOf(Error)
      })

      test('nothing after close, which persists all earlier calls', async () => {
        const last = learn()
        const closing = store.close()
        await expect(learn()).rejects.toMatchObject({ code: 'CLOSED' })
        await expect(store.status()).rejects.toMatchObject({ code: 'CLOSED' })
        await expect(store.flush()).rejects.toMatchObject({ code: 'CLOSED' })
        const isClosed = expect.objectContaining({ code: 'CLOSED' })
        expect(() => store.subscribe(() => {})).toThrow(isClosed)
        expect(() =>
          store.live(
            async () => 1,
            () => {},
          ),
        ).toThrow(isClosed)
        await expect(last).resolves.toMatchObject({ learned: true })
        await closing
        await store.close()
      })

      test('with strict, durable results', async () => {
        const strict = await harness.open({ durability: 'strict' })
        const careful = await strict.agent('a')
        for (let i = 0; i < 3; i++) {
          await careful.learn({ state: 's', action: 'x', reward: 1, terminated: true })
          const { sequence, durableSequence, durability } = await strict.status()
          expect({ durableSequence, durability }).toEqual({ durableSequence: sequence, durability: 'strict' })
        }
        await strict.close()
      })

      test('a flush when everything is durable', async () => {
        await learn()
        await store.flush()
        const { sequence, durableSequence } = await store.status()
        expect(durableSequence).toBe(sequence)
      })
    })

    describe('a lazy module', () => {
      const pattern: NewTestPattern = {
        patternType: 'edge-case',
        framework: 'jest',
        codeSignature: 'f()',
        testTemplate: 'expect(f())',
      }

      test('delays later calls, so that none overtakes it', async () => {
        const commits: (readonly string[])[] = []
        store.subscribe(({ collections }) => commits.push(collections))
        const stored = store.testPatterns.upsert(pattern)
        for (let i = 0; i < 5; i++) await Promise.resolve()
        const calls = [learn(), store.flush()]
        await Promise.resolve()
        const counted = store.testPatterns.count()
        const set = store.memory.as({ agentId: 'a' }).set({ key: 'k', value: 1 })
        await Promise.all([stored, ...calls, set])
        expect(await counted).toBe(1)
        await expect.poll(() => commits).toEqual([['testPatterns'], ['agents', 'experiences', 'values'], ['memory']])
      })

      test('is loaded before a later status and flush', async () => {
        const calls = [
          store.fleet.tasks.create({ fleetId: 'f', type: 't', name: 'n' }),
          store.status(),
          store.flush(),
        ] as const
        const [, { collections }] = await Promise.all(calls)
        expect(collections.fleet?.rows).toBe(1)
        const { sequence, durableSequence } = await store.status()
        expect(durableSequence).toBe(sequence)
      })

      test('is waited for by close, and not lost', async () => {
        const stored = store.testPatterns.upsert(pattern)
        const set = store.memory.as({ agentId: 'a' }).set({ key: 'k', value: 1 })
        const last = learn()
        const closing = store.close()
        await expect(store.testPatterns.count()).rejects.toMatchObject({ code: 'CLOSED' })
        await expect(stored).resolves.toMatchObject({ isNew: true })
        await set
        await expect(last).resolves.toMatchObject({ learned: true })
        await closing
      })

      test('can be called together with loaded modules and refused calls, each with its own result', async () => {
        const { sequence } = await store.status()
        const results = await Promise.allSettled([
          learn(),
          store.testPatterns.upsert(pattern),
          store.testPatterns.upsert({ ...pattern, framework: 'none' as never }),
          store.evaluatePolicy({ agentId: 'a' }, { agentId: 'a', estimator: 'ips' }),
          agent.plan(),
          store.patterns.list(),
          store.executionPatterns.add({ taskType: 't' }),
          store.query('SELECT count(*) AS n FROM learning_experiences'),
          store.values.get('a', 's'),
        ])
        const isFine = results.map(({ status }) => status === 'fulfilled')
        expect(isFine).toEqual([true, true, false, false, true, true, true, true, true])
        expect(results.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))).toEqual([
          'INVALID_ARGUMENT',
          'INVALID_ARGUMENT',
        ])
        if (harness.batches) expect((await store.status()).sequence).toBe(sequence + 1)
      })
    })

    describe('subscribers', () => {
      test('receive each commit, with its sequence and collections', async () => {
        const commits: StoreCommit[] = []
        const { sequence } = await store.status()
        store.subscribe((commit) => commits.push(commit))
        await learn()
        await store.executionPatterns.add({ taskType: 't' })
        await expect
          .poll(() => commits)
          .toEqual([
            { sequence: sequence + 1, collections: ['agents', 'experiences', 'values'] },
            { sequence: sequence + 2, collections: ['executionPatterns'] },
          ])
      })

      test('hear only of the collections that they name', async () => {
        const patterns: number[] = []
        const values: number[] = []
        const { sequence } = await store.status()
        store.subscribe((commit) => patterns.push(commit.sequence), { collections: ['executionPatterns'] })
        store.subscribe((commit) => values.push(commit.sequence), { collections: ['values', 'agents'] })
        await learn()
        await store.executionPatterns.add({ taskType: 't' })
        await learn()
        await expect.poll(() => values).toEqual([sequence + 1, sequence + 3])
        expect(patterns).toEqual([sequence + 2])
      })

      test('hear nothing after they have unsubscribed, or their block has ended', async () => {
        const one: number[] = []
        const other: number[] = []
        const rest: number[] = []
        const subscription = store.subscribe(({ sequence }) => one.push(sequence))
        {
          using _ = store.subscribe(({ sequence }) => other.push(sequence))
          await learn()
          await expect.poll(() => [one.length, other.length]).toEqual([1, 1])
        }
        subscription.unsubscribe()
        subscription.unsubscribe()
        store.subscribe(({ sequence }) => rest.push(sequence))
        await learn()
        await expect.poll(() => rest.length).toBe(1)
        expect([one.length, other.length]).toEqual([1, 1])
      })

      test('that throw or reject are reported and affect no other', async () => {
        const reports = harness.reports()
        const heard: number[] = []
        store.subscribe(() => {
          throw new Error('A listener throws')
        })
        store.subscribe((() => Promise.reject(new Error('A listener rejects'))) as () => void)
        store.subscribe(({ sequence }) => heard.push(sequence))
        await learn()
        await expect.poll(() => heard.length).toBe(1)
        await expect
          .poll(() => reports.mock.calls.map(([error]) => String(error)).sort())
          .toEqual(['Error: A listener rejects', 'Error: A listener throws'])
        reports.mockRestore()
      })

      test.each([
        ['no function', 5, {}],
        ['an unknown collection', () => {}, { collections: ['q_values'] }],
        ['an unknown option', () => {}, { collection: ['values'] }],
      ])('are refused with %s', (_, listener, options) => {
        expect(() => store.subscribe(listener as never, options as never)).toThrow(
          expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
        )
      })
    })
  })
}
