import { describe, expect, type MockInstance, test } from 'vitest'
import type { AsyncStore, Durability, ObservationOptions, OperationEvent } from '../../src/entry/node.ts'

export interface ObservedClient {
  /** Opens a new store in a storage with a log. */
  open(options: { durability: Durability } & ObservationOptions): Promise<AsyncStore>
  /** Watches what is reported to people. */
  reports(): MockInstance
}

/** What every client promises of the hook `onOperation`. */
export function operationsContract(name: string, harness: ObservedClient): void {
  describe(`the operations of a client, ${name}`, () => {
    async function observed(options: ObservationOptions = {}) {
      const events: OperationEvent[] = []
      const store = await harness.open({
        durability: 'relaxed',
        onOperation: (event) => events.push(event),
        ...options,
      })
      return { store, events, names: () => events.map((event) => event.name) }
    }

    const step = { state: 'secret', action: 'x', reward: 1, terminated: true }

    test('are reported with name, collection, storage and duration, and without content', async () => {
      const { store, events } = await observed()
      const agent = await store.agent('secret')
      await agent.learn(step)
      await agent.values.list()
      await store.experiences.count()
      await store.memory.as({ agentId: 'secret' }).list()
      await store.fleet.tasks.list()
      await store.tables()
      const { storage } = await store.status()
      await store.close()
      expect(events.map((event) => [event.name, event.collection])).toEqual([
        ['open', undefined],
        ['agent', 'agents'],
        ['agent.learn', 'agents'],
        ['agent.values.list', 'values'],
        ['experiences.count', 'experiences'],
        ['memory.as.list', 'memory'],
        ['fleet.tasks.list', 'fleet'],
        ['tables', undefined],
        ['status', undefined],
        ['close', undefined],
      ])
      for (const event of events) {
        expect(event).toMatchObject({ storage, durationMs: expect.any(Number), errorCode: undefined })
        expect(event.durationMs).toBeGreaterThanOrEqual(0)
        expect(JSON.stringify(event)).not.toContain('secret')
        expect('payload' in event).toBe(false)
      }
    })

    test('are reported when they fail, with the code of the error', async () => {
      const { store, events } = await observed()
      const agent = await store.agent('a')
      await expect(agent.learn({ ...step, reward: Number.NaN })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
      await expect(store.query('SELECT * FROM missing')).rejects.toMatchObject({ code: 'SQL_ERROR' })
      await store.close()
      await expect(store.flush()).rejects.toMatchObject({ code: 'CLOSED' })
      expect(events.flatMap((event) => (event.errorCode ? [[event.name, event.errorCode]] : []))).toEqual([
        ['agent.learn', 'INVALID_ARGUMENT'],
        ['query', 'SQL_ERROR'],
        ['flush', 'CLOSED'],
      ])
    })

    test('are reported when they run for long', async () => {
      const { store, events, names } = await observed()
      await store.importFile(new TextEncoder().encode('agent_id,state,action,reward\na,1,2,3\n'))
      await store.exportFile({ format: 'csv' })
      await store.snapshot()
      const controller = new AbortController()
      const onProgress = (): void => controller.abort(new Error('stopped'))
      await expect(store.exportFile({ format: 'json-lines', signal: controller.signal, onProgress })).rejects.toThrow(
        'stopped',
      )
      await store.close()
      expect(names()).toEqual(['open', 'importFile', 'exportFile', 'snapshot', 'exportFile', 'close'])
      expect(events[4]?.errorCode).toBe('ABORTED')
    })

    test('are reported in the order in which they end, before their callers have the results', async () => {
      const order: string[] = []
      const { store } = await observed({ onOperation: (event) => order.push(event.name) })
      const agent = await store.agent('a')
      await Promise.all([
        agent.learn(step).then(() => order.push('learned')),
        agent.learn({ ...step, reward: Number.NaN }).catch(() => order.push('refused')),
        store.experiences.count().then(() => order.push('counted')),
      ])
      expect(order.slice(0, 2)).toEqual(['open', 'agent'])
      for (const [first, then] of [
        ['agent.learn', 'learned'],
        ['agent.learn', 'refused'],
        ['experiences.count', 'counted'],
      ] as const) {
        expect(order.indexOf(first)).toBeGreaterThan(0)
        expect(order.indexOf(first)).toBeLessThan(order.indexOf(then))
      }
      await store.close()
    })

    test('succeed even if the hook throws or rejects, which is reported each time', async () => {
      const reports = harness.reports()
      const { store } = await observed({
        onOperation: ({ name: operation }) => {
          if (operation === 'agent.learn') throw new Error('The hook throws')
          return operation === 'flush' ? Promise.reject(new Error('The hook rejects')) : undefined
        },
      })
      const agent = await store.agent('a')
      await expect(agent.learn(step)).resolves.toMatchObject({ learned: true })
      await expect(agent.learn(step)).resolves.toMatchObject({ learned: true })
      await store.flush()
      expect(await store.experiences.count()).toBe(2)
      await expect
        .poll(() => reports.mock.calls.map(([error]) => String(error)).sort())
        .toEqual(['Error: The hook rejects', 'Error: The hook throws', 'Error: The hook throws'])
      reports.mockRestore()
      await store.close()
    })

    test('are reported with arguments and results if asked', async () => {
      const { store, events } = await observed({ operationPayload: true })
      const agent = await store.agent('a')
      const learned = await agent.learn(step)
      await store.memory.as({ agentId: 'b' }).list()
      await agent.learn({ ...step, reward: Number.NaN }).catch(() => {})
      expect(events.slice(1).map(({ payload }) => payload)).toMatchObject([
        { args: ['a'] },
        { args: [step], agentId: 'a', result: learned },
        { args: [], caller: { agentId: 'b' }, result: [] },
        { args: [{ reward: Number.NaN }], agentId: 'a', result: undefined },
      ])
      await store.close()
    })

    test.each([{ onOperation: 'log' }, { operationPayload: 'yes' }])('are not observed with %j', async (options) => {
      await expect(observed(options as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    })
  })
}
