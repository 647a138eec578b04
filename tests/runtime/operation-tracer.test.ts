import { AsyncLocalStorage } from 'node:async_hooks'
import { tracingChannel } from 'node:diagnostics_channel'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AsyncStore, type OperationContext, openLearningStore } from 'learning-store'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'operations-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0

const STEP = { state: 's', action: 'x', reward: 1, terminated: true }

type Traced = OperationContext & { readonly error?: unknown; readonly result?: unknown }

describe.each([false, true])('the tracing channel of operations, of a store in a worker: %s', (worker) => {
  const channel = tracingChannel<unknown, Traced>('learning-store:operation')
  let events: (readonly [event: string, name: string])[]
  let last: Traced | undefined
  const note = (event: string) => (context: Traced) => {
    events.push([event, context.name])
    last = context
  }
  const subscribers = {
    start: note('start'),
    end: note('end'),
    asyncStart: note('asyncStart'),
    asyncEnd: note('asyncEnd'),
    error: note('error'),
  }
  let store: AsyncStore
  beforeEach(async () => {
    events = []
    store = await openLearningStore({ storage: `file:${join(folder, `${files++}.db`)}`, worker })
  })
  afterEach(async () => {
    channel.unsubscribe(subscribers)
    await store.close()
  })

  test('publishes the events of a success, to those who subscribed after the opening', async () => {
    const agent = await store.agent('a')
    channel.subscribe(subscribers)
    await agent.learn(STEP)
    expect(events).toEqual(['start', 'end', 'asyncStart', 'asyncEnd'].map((event) => [event, 'agent.learn']))
    expect(last).toMatchObject({ collection: 'agents', storage: (await store.status()).storage })
    channel.unsubscribe(subscribers)
    await agent.learn(STEP)
    expect(events.filter(([, name]) => name === 'agent.learn')).toHaveLength(4)
  })

  test('publishes no arguments and no result, unless asked', async () => {
    channel.subscribe(subscribers)
    await store.experiences.count()
    expect(Object.entries(last ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [name]))).toEqual([
      'name',
      'collection',
      'storage',
    ])
    const open = await openLearningStore({ storage: 'memory:', operationPayload: true })
    await open.experiences.count()
    expect(last?.payload).toEqual({ args: [], result: 0 })
    await open.close()
  })

  test('publishes the error of a failure', async () => {
    const agent = await store.agent('a')
    channel.subscribe(subscribers)
    await expect(agent.learn({ ...STEP, reward: Number.NaN })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(events.map(([event]) => event)).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd'])
    expect(last?.error).toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  test('publishes the opening and the closing, also those that fail', async () => {
    channel.subscribe(subscribers)
    const { storage } = await store.status()
    const locked = openLearningStore({ storage: storage as `file:${string}`, worker, lockTimeoutMs: 0 })
    await expect(locked).rejects.toMatchObject({ code: 'LOCKED' })
    expect(last).toMatchObject({ name: 'open', storage, error: { code: 'LOCKED' } })
    await store.close()
    expect(last?.name).toBe('close')
  })

  test('publishes the start where the caller is, so that its context is that of the operation', async () => {
    const request = new AsyncLocalStorage<string>()
    const seen: unknown[] = []
    const hooked = await openLearningStore({
      storage: 'memory:',
      worker,
      onOperation: ({ name }) => seen.push(['hook', name, request.getStore()]),
    })
    const starting = { start: ({ name }: Traced): unknown => seen.push(['start', name, request.getStore()]) }
    channel.subscribe(starting as never)
    seen.length = 0
    await Promise.all(['one', 'two'].map((id) => request.run(id, () => hooked.experiences.count())))
    channel.unsubscribe(starting as never)
    await hooked.close()
    expect(seen.slice(0, 4)).toEqual([
      ['start', 'experiences.count', 'one'],
      ['start', 'experiences.count', 'two'],
      ['hook', 'experiences.count', 'one'],
      ['hook', 'experiences.count', 'two'],
    ])
  })

  test('binds the stores of subscribers while the operation runs', async () => {
    const spans = new AsyncLocalStorage<unknown>()
    channel.start.bindStore(spans, ({ name }) => `span of ${name}`)
    channel.subscribe(subscribers)
    const seen: unknown[] = []
    const step = { ...STEP }
    Object.defineProperty(step, 'reward', { enumerable: true, get: () => seen.push(spans.getStore()) })
    const agent = await store.agent('a')
    await agent.learn(step)
    channel.start.unbindStore(spans)
    expect(seen[0]).toBe('span of agent.learn')
    expect(spans.getStore()).toBeUndefined()
  })
})
