import { beforeEach, describe, expect, test } from 'vitest'
import { localChannel } from '../../src/client/local-channel.ts'
import { StoreError } from '../../src/errors.ts'
import { Host } from '../../src/host/host.ts'
import { Session } from '../../src/host/session.ts'
import { introduce } from '../../src/learning/identity.ts'
import { LAZY_MODULE_LOADERS } from '../../src/learning/lazy-modules.ts'
import { LearningStore } from '../../src/learning/learning-store.ts'
import type { OpenStore } from '../../src/open.ts'
import { memoryStorage } from '../../src/persistence/memory/memory-storage.ts'
import type { Call } from '../../src/protocol/calls.ts'
import type { Channel } from '../../src/protocol/channel.ts'
import type { Reply } from '../../src/protocol/wire.ts'
import { coreDefaults } from '../../src/runtime/defaults.ts'
import { nodeEngine } from '../../src/runtime/node/engine.ts'
import { Connection } from '../../src/sql/connection.ts'
import { migrate } from '../../src/sql/migrations.ts'
import { Gate } from '../persistence/storage-under-test.ts'

const engine = await nodeEngine()

/** Opens when the code of the shared memory may load, which fails so often. */
let gate: Gate
let failures: number
let asked: number
let opened: OpenStore
let closed: boolean

beforeEach(() => {
  gate = new Gate()
  failures = asked = 0
  closed = false
  const connection = new Connection(engine)
  migrate(connection)
  const defaults = coreDefaults({ seed: 7 })
  introduce(connection, defaults.newId, defaults.now)
  const memory: typeof LAZY_MODULE_LOADERS.memory = async () => {
    asked++
    await gate.opened
    if (failures-- > 0) throw new TypeError('no network')
    return LAZY_MODULE_LOADERS.memory()
  }
  const store = new LearningStore(connection, defaults, {}, { ...LAZY_MODULE_LOADERS, memory })
  store.agent('a')
  opened = {
    ...{ store, storage: memoryStorage(), durability: 'relaxed', persister: undefined, notes: [] },
    work: () => Promise.reject(new Error('Not asked for')),
    watch: () => () => {},
    close: async () => {
      closed = true
      connection.close()
    },
  }
})

const learn: Call = {
  ...{ on: 'agent', method: 'learn', agentId: 'a' },
  args: [{ state: 's', action: 'x', reward: 1, terminated: true }],
}
const count: Call = { on: 'experiences', method: 'count', args: [] }
const list: Call = { on: 'memory', method: 'list', args: [{ agentId: 'a' }] }
const hints: Call = { on: 'memory.hints', method: 'list', args: [] }
const tables: Call = { on: 'store', method: 'tables', args: [] }
const notLoaded = { code: 'WORKER_LOST', message: 'Expected the code of memory to load, got TypeError: no network' }

/** Notes what settles, in this order. */
function settling(): { readonly settled: string[]; readonly note: <T>(name: string, call: Promise<T>) => Promise<T> } {
  const settled: string[] = []
  return { settled, note: (name, call) => call.finally(() => settled.push(name)) }
}

/** Long enough for everything that waits for nothing. */
async function manyTicks(): Promise<void> {
  for (let i = 0; i < 100; i++) await Promise.resolve()
}

describe('a local store whose code is not there yet', () => {
  let channel: Channel
  beforeEach(() => {
    channel = localChannel(opened)
  })

  test('carries out what it is asked in the order it is asked in', async () => {
    const { settled, note } = settling()
    await channel.send(learn)
    const calls = [note('list', channel.send(list)), note('learn', channel.send(learn)), note('flush', channel.flush())]
    const counting = note('count', channel.send(count))
    const status = note('status', channel.status())
    const closing = note('close', channel.close())
    await manyTicks()
    expect([settled, closed, opened.store.experiences.count()]).toEqual([[], false, 1])
    await expect(channel.send(count)).rejects.toMatchObject({ code: 'CLOSED' })
    gate.open()
    await Promise.all([...calls, closing])
    expect([await counting, (await status).counts.experiences, closed]).toEqual([2, 2, true])
    expect(settled).toEqual(['list', 'learn', 'flush', 'count', 'status', 'close'])
  })

  test('refuses only those who need what does not load, and tries again for the next', async () => {
    failures = 1
    const calls = [list, learn, hints, count].map((call) => channel.send(call))
    gate.open()
    const results = await Promise.allSettled(calls)
    const isNotLoaded = { status: 'rejected', reason: expect.objectContaining(notLoaded) }
    expect(results).toMatchObject([isNotLoaded, { status: 'fulfilled' }, isNotLoaded, { value: 1 }])
    expect(asked).toBe(1)
    expect(await Promise.all([channel.send(hints), channel.send(list)])).toEqual([[], []])
    expect(asked).toBe(2)
  })

  test('closes also where what is waited for does not load', async () => {
    failures = 1
    const call = channel.send(list)
    const closing = channel.close()
    gate.open()
    await expect(call).rejects.toMatchObject(notLoaded)
    await closing
    expect(closed).toBe(true)
  })

  test('waits for nothing once it is there, nor for what needs nothing', async () => {
    const { lazyModules } = opened.store
    expect(lazyModules.ready([learn, count])).toBeUndefined()
    gate.open()
    await lazyModules.ready([list, tables, learn])
    expect(lazyModules.ready([list, hints, tables, learn])).toBeUndefined()
  })
})

describe('a host whose code is not there yet', () => {
  let host: Host
  beforeEach(() => {
    host = new Host({ name: 'shared-worker', open: () => Promise.resolve(opened) })
  })

  async function joined(): Promise<Session> {
    const session = new Session(host)
    await session.open({ storage: 'memory:', durability: 'relaxed' })
    return session
  }

  test('answers each of its callers in their order, and holds up no other', async () => {
    const { settled, note } = settling()
    const [one, other] = [await joined(), await joined()]
    const status: Call = { on: 'host', method: 'status', args: [] }
    const first = note('first', one.run([learn, list]))
    const second = note('second', one.run([count, status]))
    const closing = note('close', one.close())
    await note('other', other.run([learn, count])).then((replies) => expect(replies[1]).toEqual({ answer: 1 }))
    await manyTicks()
    expect(settled).toEqual(['other'])
    gate.open()
    await Promise.all([first, closing])
    expect(await second).toMatchObject([{ answer: 2 }, { answer: { counts: { experiences: 2 } } }])
    expect(settled).toEqual(['other', 'first', 'second', 'close'])
    expect(closed).toBe(false)
  })

  test('refuses of a message only what needs what does not load', async () => {
    failures = 1
    gate.open()
    const session = await joined()
    const replies: readonly Reply[] = await session.run([learn, list, tables, count])
    const error = expect.objectContaining(notLoaded)
    expect(replies).toMatchObject([{ answer: { learned: true } }, { error }, { answer: {} }, { answer: 1 }])
    expect(await session.run([list])).toEqual([{ answer: [] }])
  })

  test('tells who waits that another page has taken the store over', async () => {
    const session = await joined()
    const waiting = session.run([list])
    session.lose(new StoreError('LEASE_LOST', 'Taken'))
    gate.open()
    expect(await waiting).toMatchObject([{ error: { code: 'LEASE_LOST' } }])
  })
})
