import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AsyncStore, FleetTask, TaskStatus } from '../../../src/entry/node.ts'

/** What every client of a store promises of the fleet. @param open opens an empty store. */
export function fleetContract(name: string, open: () => Promise<AsyncStore>): void {
  describe(`the fleet, ${name}`, () => {
    let store: AsyncStore
    let fleet: AsyncStore['fleet']
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    const invalid = (message: string): unknown =>
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) })

    beforeEach(async () => {
      store = await open()
      fleet = store.fleet
    })
    afterEach(() => store.close())

    /** One of each kind: what is told, what is there afterwards, a change, a filter that finds it and one that does not. */
    const kinds = {
      fleets: {
        told: { id: 'x', name: 'f' },
        made: { name: 'f', config: {}, status: 'active', createdAt: time, updatedAt: time },
        change: { config: { size: 3 }, status: 'resting' },
        found: { status: 'resting' },
        other: { name: 'g' },
      },
      agents: {
        told: { id: 'x', fleetId: 'f', type: 'qe-test-generator' },
        made: {
          fleetId: 'f',
          type: 'qe-test-generator',
          status: 'idle',
          config: null,
          metrics: null,
          createdAt: time,
          updatedAt: time,
        },
        change: { status: 'busy', metrics: { load: 0.5 } },
        found: { fleetId: 'f', status: 'busy' },
        other: { fleetId: 'f', status: 'idle' },
      },
      registry: {
        told: { id: 'x', type: 't', capabilities: [{ name: 'unit-test' }] },
        made: {
          type: 't',
          capabilities: [{ name: 'unit-test' }],
          status: 'active',
          performance: {},
          createdAt: time,
          updatedAt: time,
        },
        change: { performance: { rate: 0.9 } },
        found: { type: 't' },
        other: { status: 'gone' },
      },
      tasks: {
        told: { id: 'x', fleetId: 'f', type: 't', name: 'n', data: [1], requirements: { a: null } },
        made: {
          fleetId: 'f',
          agentId: null,
          type: 't',
          name: 'n',
          data: [1],
          requirements: { a: null },
          priority: 1,
          status: 'pending',
          result: null,
          error: null,
          createdAt: time,
          startedAt: null,
          completedAt: null,
        },
        change: { name: 'm', priority: 3 },
        found: { fleetId: 'f', agentId: null, status: 'pending' },
        other: { agentId: 'a' },
      },
      sessions: {
        told: { id: 'x', mode: 'm', state: 's' },
        made: { mode: 'm', state: 's', checkpoints: [], createdAt: time, lastResumed: null },
        change: { state: { at: 2 } },
        found: { mode: 'm' },
        other: { mode: 'n' },
      },
      events: {
        told: { id: 'x', type: 't', source: 's', payload: { a: 1 } },
        made: { type: 't', payload: { a: 1 }, timestamp: time, source: 's', ttlMs: 2_592_000_000, expiresAt: time },
        change: { payload: 'p', ttlMs: 0 },
        found: { type: 't', source: 's' },
        other: { source: 'r' },
      },
      artifacts: {
        told: { id: 'x', kind: 'report', path: 'a/b', sha256: 'ab', tags: ['t', 'u'] },
        made: {
          kind: 'report',
          path: 'a/b',
          sha256: 'ab',
          tags: ['t', 'u'],
          metadata: null,
          ttlMs: 0,
          createdAt: time,
        },
        change: { tags: [], metadata: { a: [] } },
        found: { kind: 'report' },
        other: { sha256: 'abc' },
      },
      workflows: {
        told: { id: 'x', step: 'build', checkpoint: { n: 1 } },
        made: {
          step: 'build',
          status: 'running',
          checkpoint: { n: 1 },
          sha: '',
          ttlMs: 0,
          createdAt: time,
          updatedAt: time,
        },
        change: { step: 'test', sha: 'abc' },
        found: { step: 'test', status: 'running' },
        other: { step: 'build' },
      },
      proposals: {
        told: { id: 'x', decision: 'deploy', proposer: 'a', quorum: 2 },
        made: {
          decision: 'deploy',
          proposer: 'a',
          votes: [],
          rejections: [],
          quorum: 2,
          voters: null,
          status: 'pending',
          version: 1,
          ttlMs: 604_800_000,
          expiresAt: time,
          createdAt: time,
        },
        change: { decision: 'wait', voters: 5 },
        found: { proposer: 'a', status: 'pending' },
        other: { status: 'approved' },
      },
      goals: {
        told: { id: 'x', conditions: { tested: true } },
        made: { conditions: { tested: true }, cost: 0, priority: null, createdAt: time },
        change: { cost: 4, priority: 'high' },
        found: { priority: 'high' },
        other: { priority: null },
      },
      actions: {
        told: { id: 'x', preconditions: {}, effects: { tested: true } },
        made: { preconditions: {}, effects: { tested: true }, cost: 1, agentType: null, createdAt: time },
        change: { cost: 2, agentType: 't' },
        found: { agentType: 't' },
        other: { agentType: null },
      },
      plans: {
        told: { id: 'x', goalId: 'g', sequence: [] },
        made: { goalId: 'g', sequence: [], totalCost: 0, createdAt: time },
        change: { goalId: 'h' },
        found: { goalId: 'h' },
        other: { goalId: 'g' },
      },
      cycles: {
        told: { id: 'x', observations: { failing: 3 } },
        made: {
          phase: 'observe',
          observations: { failing: 3 },
          orientation: null,
          decision: null,
          action: null,
          timestamp: time,
          completed: false,
          result: null,
        },
        change: { phase: 'orient', orientation: 'o' },
        found: { phase: 'orient', completed: false },
        other: { completed: true },
      },
    } as const

    /** Any kind: what a record is made of differs. */
    interface AnyKind {
      create(told: object): Promise<string>
      get(id: string): Promise<object | undefined>
      list(options?: object): Promise<readonly { readonly id: string }[]>
      update(id: string, changes: object): Promise<boolean>
      delete(id: string): Promise<boolean>
    }
    const group = (kind: keyof typeof kinds): AnyKind => fleet[kind] as unknown as AnyKind

    describe('records of every kind', () => {
      const all = Object.keys(kinds) as (keyof typeof kinds)[]

      test('are created, read, listed, updated and deleted', async () => {
        for (const kind of all) {
          const { told, made, change, found, other } = kinds[kind]
          const records = group(kind)
          expect(await records.create(told)).toBe('x')
          expect(await records.get('x'), kind).toEqual({ id: 'x', ...made })
          expect(await records.get('y')).toBeUndefined()
          expect(await records.update('x', change)).toBe(true)
          expect(await records.update('y', change)).toBe(false)
          expect(await records.get('x'), kind).toMatchObject({ id: 'x', ...change })
          expect(await records.list(found), kind).toEqual([await records.get('x')])
          expect(await records.list(other), kind).toEqual([])
          expect([await records.delete('x'), await records.delete('x')]).toEqual([true, false])
          expect(await records.list()).toEqual([])
        }
      })

      test('have ids of their own, and stable pages', async () => {
        for (const kind of all) {
          const records = group(kind)
          const ids: string[] = []
          for (let i = 0; i < 5; i++) ids.push(await records.create({ ...kinds[kind].told, id: undefined }))
          const pages = await Promise.all([0, 2, 4].map((offset) => records.list({ limit: 2, offset })))
          // Tasks are a queue: the first comes first.
          expect(pages.flat().map(({ id }) => id)).toEqual(kind === 'tasks' ? ids : ids.toReversed())
          expect(new Set(ids).size).toBe(5)
        }
      })

      test('reject invalid arguments, and change nothing', async () => {
        for (const kind of all) {
          const { told, change } = kinds[kind]
          const records = group(kind)
          await records.create(told)
          const { sequence } = await store.status()
          for (const [operation, message] of [
            [() => records.create(told), 'a new one, got "x"'],
            [() => records.create({ ...told, id: '' }), 'Expected id to be a non-empty string'],
            [() => records.create({ ...told, id: 'y', createdAt: 1 }), 'got createdAt'],
            [() => records.get(5 as never), 'Expected id to be a non-empty string'],
            [() => records.update('x', { id: 'y' }), 'got id'],
            [() => records.update('x', { ...change, [Object.keys(change)[0] ?? '']: Number.NaN }), 'Expected'],
            [() => records.list({ misspelled: 1 }), 'got misspelled'],
            [() => records.list({ limit: -1 }), 'limit'],
          ] as const) {
            await expect(operation(), kind).rejects.toEqual(invalid(message))
          }
          for (const field of Object.keys(told).filter((one) => one !== 'id')) {
            const wrong = { ...told, id: 'y', [field]: Number.NaN }
            await expect(records.create(wrong), `${kind} ${field}`).rejects.toEqual(invalid(`Expected ${field} to `))
          }
          expect((await store.status()).sequence).toBe(sequence)
        }
      })
    })

    test('metrics are numbered, and listed by their subject', async () => {
      const ids = []
      for (const metricValue of [1.5, 2]) {
        ids.push(await fleet.metrics.create({ metricType: 'time', metricName: 'run', metricValue, agentId: 'a' }))
      }
      expect(ids).toEqual([1, 2])
      expect(await fleet.metrics.get(1)).toEqual({
        id: 1,
        fleetId: null,
        agentId: 'a',
        taskId: null,
        metricType: 'time',
        metricName: 'run',
        metricValue: 1.5,
        unit: null,
        tags: null,
        timestamp: time,
      })
      expect(await fleet.metrics.update(2, { unit: 'ms' })).toBe(true)
      expect((await fleet.metrics.list({ agentId: 'a', taskId: null })).map(({ unit }) => unit)).toEqual(['ms', null])
      expect(await fleet.metrics.delete(1)).toBe(true)
      await expect(fleet.metrics.get('x' as never)).rejects.toEqual(invalid('id to be a positive integer'))
    })

    describe('a task', () => {
      const statuses: readonly TaskStatus[] = ['pending', 'assigned', 'running', 'completed', 'failed', 'cancelled']
      const told = { id: 't', fleetId: 'f', type: 't', name: 'n' }
      /** How to come to a status, and where to from there. */
      const ways: { readonly [S in TaskStatus]: readonly [path: readonly TaskStatus[], next: readonly TaskStatus[]] } =
        {
          pending: [[], ['assigned', 'running', 'cancelled']],
          assigned: [['assigned'], ['pending', 'running', 'cancelled']],
          running: [['running'], ['completed', 'failed', 'cancelled']],
          completed: [['running', 'completed'], []],
          failed: [['running', 'failed'], ['pending']],
          cancelled: [['cancelled'], []],
        }

      test('changes its status only as allowed', async () => {
        for (const [status, then] of statuses.flatMap((one) => statuses.map((other) => [one, other] as const))) {
          const [path, next] = ways[status]
          await fleet.tasks.create(told)
          await fleet.tasks.update('t', { agentId: 'a' })
          for (const step of path) await fleet.tasks.update('t', { status: step })
          const become = fleet.tasks.update('t', { status: then })
          if (then === status || next.includes(then)) expect(await become).toBe(true)
          else await expect(become).rejects.toEqual(invalid(`the next status of a ${status} task`))
          await fleet.tasks.delete('t')
        }
      })

      test('has its times from changes of its status, and none of the last attempt when it is retried', async () => {
        const seen = (): Promise<FleetTask | undefined> => fleet.tasks.get('t')
        await fleet.tasks.create({ ...told, agentId: 'a' })
        expect(await seen()).toMatchObject({ status: 'assigned', startedAt: null, completedAt: null })
        await fleet.tasks.update('t', { status: 'running' })
        expect(await seen()).toMatchObject({ startedAt: time, completedAt: null })
        await fleet.tasks.update('t', { status: 'failed', error: 'Timed out', result: { tries: 1 } })
        expect(await seen()).toMatchObject({ startedAt: time, completedAt: time, error: 'Timed out' })
        await fleet.tasks.update('t', { status: 'pending' })
        expect(await seen()).toMatchObject({ startedAt: null, completedAt: null, error: null, result: null })
      })

      test('is assigned to an agent', async () => {
        await fleet.tasks.create(told)
        await expect(fleet.tasks.update('t', { status: 'assigned' })).rejects.toEqual(invalid('agentId'))
        expect(await fleet.tasks.update('t', { status: 'assigned', agentId: 'a' })).toBe(true)
        await expect(fleet.tasks.update('t', { agentId: null })).rejects.toEqual(invalid('agentId'))
      })

      test('is listed by priority', async () => {
        for (const [id, priority] of [
          ['low', 0],
          ['first', 1],
          ['second', 1],
          ['high', 3],
        ] as const) {
          await fleet.tasks.create({ ...told, id, priority })
        }
        const queue = await fleet.tasks.list({ status: 'pending' })
        expect(queue.map(({ id }) => id)).toEqual(['high', 'first', 'second', 'low'])
      })
    })

    test('a session resumes from its last checkpoint', async () => {
      const id = await fleet.sessions.create({ mode: 'watch', state: { step: 0 } })
      expect(await fleet.sessions.resume(id)).toMatchObject({ state: { step: 0 }, lastResumed: time })
      expect(await fleet.sessions.checkpoint(id, { step: 1 })).toBe(true)
      expect(await fleet.sessions.checkpoint(id, { step: 2 })).toBe(true)
      await fleet.sessions.update(id, { state: 'lost' })
      const resumed = await fleet.sessions.resume(id)
      expect(resumed).toMatchObject({ state: { step: 2 }, lastResumed: time })
      expect(resumed?.checkpoints).toEqual([1, 2].map((step) => ({ at: time, state: { step } })))
      expect(await fleet.sessions.get(id)).toEqual(resumed)
      expect(await fleet.sessions.checkpoint('none', 1)).toBe(false)
      expect(await fleet.sessions.resume('none')).toBeUndefined()
      await expect(fleet.sessions.checkpoint(id, Number.NaN)).rejects.toEqual(invalid('state'))
    })

    describe('a proposal', () => {
      const propose = (more: object = {}): Promise<string> =>
        fleet.proposals.create({ decision: 'deploy', proposer: 'a', quorum: 2, voters: 3, ...more })
      const vote = async (id: string, agentId: string, approve = true): Promise<unknown[]> => {
        const { counted, status, version } = (await fleet.proposals.vote(id, { agentId, approve })) ?? {}
        return [counted, status, version]
      }

      test('is approved when the quorum is reached, each vote counting once', async () => {
        const id = await propose()
        expect(await vote(id, 'a')).toEqual([true, 'pending', 2])
        expect(await vote(id, 'a')).toEqual([false, 'pending', 2])
        expect(await vote(id, 'a', false)).toEqual([false, 'pending', 2])
        expect(await vote(id, 'b', false)).toEqual([true, 'pending', 3])
        expect(await vote(id, 'c')).toEqual([true, 'approved', 4])
        expect(await vote(id, 'd', false)).toEqual([false, 'approved', 4])
        expect(await fleet.proposals.get(id)).toMatchObject({
          votes: ['a', 'c'],
          rejections: ['b'],
          status: 'approved',
        })
      })

      test('is rejected when the quorum cannot be reached any more', async () => {
        const id = await propose()
        expect(await vote(id, 'a', false)).toEqual([true, 'pending', 2])
        expect(await vote(id, 'b', false)).toEqual([true, 'rejected', 3])
        expect(await fleet.proposals.list({ status: 'rejected' })).toHaveLength(1)
      })

      test('that is amended restarts its vote, and one that is decided cannot be amended', async () => {
        const id = await propose()
        await vote(id, 'a')
        await fleet.proposals.update(id, { decision: 'deploy' })
        expect(await fleet.proposals.get(id)).toMatchObject({ version: 2, votes: ['a'] })
        await fleet.proposals.update(id, { decision: 'deploy tomorrow' })
        expect(await fleet.proposals.get(id)).toMatchObject({ version: 3, votes: [] })
        await vote(id, 'a')
        await vote(id, 'b')
        await expect(fleet.proposals.update(id, { quorum: 1 })).rejects.toEqual(invalid('pending to be amended'))
      })

      test('requires a quorum that can be reached', async () => {
        await expect(propose({ quorum: 0 })).rejects.toEqual(invalid('quorum'))
        await expect(propose({ quorum: 4 })).rejects.toEqual(invalid('from 1 to 3'))
        expect(await vote('none', 'a')).toEqual([undefined, undefined, undefined])
        await expect(fleet.proposals.vote('none', { agentId: 'a' } as never)).rejects.toEqual(invalid('approve'))
      })
    })

    test('the cost of a plan is the sum of the costs of its actions', async () => {
      for (const [id, cost] of [
        ['test', 3],
        ['build', 4],
      ] as const) {
        await fleet.actions.create({ id, cost, preconditions: {}, effects: {} })
      }
      const goalId = await fleet.goals.create({ conditions: { built: true } })
      const id = await fleet.plans.create({ goalId, sequence: ['build', 'test', 'test'] })
      expect((await fleet.plans.get(id))?.totalCost).toBe(10)
      await fleet.plans.update(id, { sequence: ['test'] })
      expect((await fleet.plans.get(id))?.totalCost).toBe(3)
      await expect(fleet.plans.create({ goalId, sequence: ['fly'] })).rejects.toEqual(invalid('got "fly"'))
    })

    test('a cycle observes, orients, decides and acts, in this order, and ends there', async () => {
      const id = await fleet.cycles.create({ observations: 1 })
      const turn = (changes: Parameters<typeof fleet.cycles.update>[1]): Promise<boolean> =>
        fleet.cycles.update(id, changes)
      await expect(turn({ phase: 'decide' })).rejects.toEqual(invalid('the phase after observe to be orient'))
      await turn({ phase: 'orient', orientation: 2 })
      await expect(turn({ phase: 'observe' })).rejects.toEqual(invalid('the phase after orient to be decide'))
      await expect(turn({ completed: true })).rejects.toEqual(invalid('the phase of a completed cycle'))
      await turn({ phase: 'decide', decision: 3 })
      await turn({ phase: 'act', action: 4 })
      await turn({ completed: true, result: 5 })
      expect(await turn({ completed: true, result: 5 })).toBe(true)
      await expect(turn({ result: 6 })).rejects.toEqual(invalid('one that is not completed'))
      expect(await fleet.cycles.get(id)).toMatchObject({
        phase: 'act',
        observations: 1,
        orientation: 2,
        decision: 3,
        action: 4,
        completed: true,
        result: 5,
      })
    })

    test('subscribers and live queries are notified of its changes, and of no others', async () => {
      const heard: string[] = []
      const counts: number[] = []
      using _ = store.subscribe(({ collections }) => heard.push(...collections), { collections: ['fleet'] })
      using __ = store.live(
        async (queries) => (await queries.fleet.events.list()).length,
        (count) => counts.push(count),
      )
      await expect.poll(() => counts).toEqual([0])
      await store.agent('learner')
      await fleet.events.create({ type: 't', source: 's' })
      await expect.poll(() => counts).toEqual([0, 1])
      expect(heard).toEqual(['fleet'])
    })
  })
}
