import { beforeEach, describe, expect, test } from 'vitest'
import { localChannel } from '../../src/client/local-channel.ts'
import { StoreError } from '../../src/errors.ts'
import { Host } from '../../src/host/host.ts'
import { Session } from '../../src/host/session.ts'
import { initializeIdentity } from '../../src/learning/identity.ts'
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
  initializeIdentity(connection, defaults.newId, defaults.now)
  const memory: typeof LAZY_MODULE_LOADERS.memory = async () => {
    asked++
    await gate.opened
    if (failures-- > 0) throw new TypeError('no network')
    return LAZY_MODULE_LOADERS.memory()
  }
  const store = new LearningStore(connection, defaults, {}, { ...LAZY_MODULE_LOADERS, memory })
  store.agent('a')
  opened = {
    store,
    storage: memoryStorage(),
    durability: 'relaxed',
    persister: undefined,
    reader: undefined,
    notes: [],
    ready: (operations) => store.lazyModules.ready(operations),
    refresh: async () => store.sequence,
    work: () => Promise.reject(new Error('Not asked for')),
    watch: () => () => {},
    close: async () => {
      closed = true
      connection.close()
    },
  }
})

const learn: Call = {
  on: 'agent',
  method: 'learn',
  agentId: 'a',
  args: [{ state: 's', action: 'x', reward: 1, terminated: true }],
}
const count: Call = { on: 'experiences', method: 'count', args: [] }
const list: Call = { on: 'memory.as', method: 'list', caller: { agentId: 'a' }, args: [] }
const hints: Call = { on: 'memory.hints', method: 'list', args: [] }
const tables: Call = { on: 'store', method: 'tables', args: [] }
const notLoaded = {
  code: 'MODULE_LOAD_FAILED',
  message: expect.stringContaining('The code for memory did not load: TypeError: no network.'),
}

/** Notes what settles, in this order. */
function settling(): { readonly settled: string[]; readonly note: <T>(name: string, call: Promise<T>) => Promise<T> } {
  const settled: string[] = []
  return { settled, note: (name, call) => call.finally(() => settled.push(name)) }
}

/** Long enough for everything that waits for nothing. */
async function manyTicks(): Promise<void> {
  for (let i = 0; i < 100; i++) await Promise.resolve()
}

describe('a local store with a module that is not loaded yet', () => {
  let channel: Channel
  beforeEach(() => {
    channel = localChannel(opened)
  })

  test('runs calls in the order in which they were made', async () => {
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

  test('rejects only the calls that need the module, and tries again for the next', async () => {
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

  test('closes even if the module does not load', async () => {
    failures = 1
    const call = channel.send(list)
    const closing = channel.close()
    gate.open()
    await expect(call).rejects.toMatchObject(notLoaded)
    await closing
    expect(closed).toBe(true)
  })

  test('does not wait once the module is loaded, nor for calls that need none', async () => {
    const { lazyModules } = opened.store
    expect(lazyModules.ready([learn, count])).toBeUndefined()
    gate.open()
    await lazyModules.ready([list, tables, learn])
    expect(lazyModules.ready([list, hints, tables, learn])).toBeUndefined()
  })
})

describe('a host with a module that is not loaded yet', () => {
  let host: Host
  beforeEach(() => {
    host = new Host({ name: 'shared-worker', open: () => Promise.resolve(opened) })
  })

  async function joined(): Promise<Session> {
    const session = new Session(host)
    await session.open({ storage: 'memory:', durability: 'relaxed' })
    return session
  }

  test('serves each client in order, and delays no other', async () => {
    const { settled, note } = settling()
    const [one, other] = [await joined(), await joined()]
    const status: Call = { on: 'host', method: 'status', args: [] }
    const first = note('first', one.run([learn, list]))
    const second = note('second', one.run([count, status]))
    const closing = note('close', one.close())
    await note('other', other.run([learn, count])).then((replies) => expect(replies[1]).toEqual({ result: 1 }))
    await manyTicks()
    expect(settled).toEqual(['other'])
    gate.open()
    await Promise.all([first, closing])
    expect(await second).toMatchObject([{ result: 2 }, { result: { counts: { experiences: 2 } } }])
    expect(settled).toEqual(['other', 'first', 'second', 'close'])
    expect(closed).toBe(false)
  })

  test('rejects only the calls of a message that need the module', async () => {
    failures = 1
    gate.open()
    const session = await joined()
    const replies: readonly Reply[] = await session.run([learn, list, tables, count])
    const error = expect.objectContaining(notLoaded)
    expect(replies).toMatchObject([{ result: { learned: true } }, { error }, { result: {} }, { result: 1 }])
    expect(await session.run([list])).toEqual([{ result: [] }])
  })

  test('rejects waiting calls if another page has taken over the store', async () => {
    const session = await joined()
    const waiting = session.run([list])
    session.lose(new StoreError('LEASE_LOST', 'Taken'))
    gate.open()
    expect(await waiting).toMatchObject([{ error: { code: 'LEASE_LOST' } }])
  })
})
