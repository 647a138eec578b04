import { MessageChannel, type MessagePort as NodePort } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { sessionAt } from '../../src/client/remote-session.ts'
import { Host, type HostPlatform } from '../../src/host/host.ts'
import { openStore } from '../../src/open.ts'
import { MemoryMedium, memoryStorage } from '../../src/persistence/memory/memory-storage.ts'
import type { Call } from '../../src/protocol/calls.ts'
import type { HostEvent, HostOptions } from '../../src/protocol/wire.ts'
import { coreDefaults } from '../../src/runtime/defaults.ts'
import { nodeEngine } from '../../src/runtime/node/engine.ts'
import { Gate } from '../persistence/storage-under-test.ts'

const engine = await nodeEngine()
const options: HostOptions = { storage: 'memory:', durability: 'relaxed' }

/** A host on a medium, and callers whose lives end when the test says so. */
function hosted(): {
  medium: MemoryMedium
  host: Host
  caller: (name: string) => Promise<Caller>
  die: (name: string) => void
} {
  const medium = new MemoryMedium()
  const deaths = new Map<string, Gate>()
  const death = (name: string): Gate => {
    const gate = deaths.get(name) ?? new Gate()
    deaths.set(name, gate)
    return gate
  }
  const platform: HostPlatform = {
    name: 'shared-worker',
    open: () => openStore({ ...coreDefaults({ seed: 7 }), engine, storage: memoryStorage(medium), lockTimeoutMs: 0 }),
    whenFree: (lock) => death(lock).opened,
  }
  const host = new Host(platform)
  return { medium, host, caller: (name) => calling(host, name), die: (name) => death(name).open() }
}

interface Caller {
  readonly session: ReturnType<typeof sessionAt>
  readonly events: HostEvent[]
}

async function calling(host: Host, name: string): Promise<Caller> {
  const calls = new MessageChannel()
  const hostEvents = new MessageChannel()
  const events: HostEvent[] = []
  hostEvents.port1.on('message', (event: HostEvent) => events.push(event))
  for (const port of [calls.port1, calls.port2, hostEvents.port1]) port.unref()
  host.serve(inPage(calls.port2) as never)
  const session = sessionAt(inPage(calls.port1) as never)
  calls.port1.ref()
  await session.hello(name, inPage(hostEvents.port2))
  return { session, events }
}

/** Node's ports have the methods that Comlink uses, under other types. */
function inPage(port: NodePort): MessagePort {
  return port as unknown as MessagePort
}

const learn = (i: number): Call => ({
  on: 'agent',
  method: 'learn',
  agentId: 'a',
  args: [{ id: `${i}`, state: 's', action: 'x', reward: 1, terminated: true }],
})
const agent: Call = { on: 'store', method: 'agent', args: ['a'] }

describe('a host', () => {
  test('drops the subscriptions of a client that dies, and continues for the others', async () => {
    const { medium, caller, die } = hosted()
    const [one, other] = [await caller('one'), await caller('other')]
    for (const { session } of [one, other]) {
      await session.open(options)
      await session.watch(true)
    }
    await one.session.run([agent])
    await one.session.run([learn(1)])
    await expect.poll(() => [one.events.length, other.events.length]).toEqual([2, 2])
    die('one')
    await other.session.run([learn(2)])
    await expect.poll(() => other.events.length).toBe(3)
    expect(one.events.length).toBe(2)
    expect(medium.held).toBe(true)
  })

  test('closes the store when the last client dies, with everything durable', async () => {
    const { medium, caller, die } = hosted()
    const one = await caller('one')
    await one.session.open(options)
    await one.session.run([agent, learn(1)])
    die('one')
    await expect.poll(() => medium.held).toBe(false)
    const next = await caller('next')
    await next.session.open(options)
    expect(await next.session.run([{ on: 'experiences', method: 'count', args: [] }])).toEqual([{ result: 1 }])
  })

  test('rejects calls that are no method of a store', async () => {
    const { caller } = hosted()
    const { session } = await caller('one')
    await session.open(options)
    const calls = [
      { on: 'store', method: 'batch', args: [] },
      { on: 'experiences', method: 'constructor', args: [] },
      { on: 'constructor', method: 'keys', args: [] } as never,
      { on: 'agent', method: 'toString', args: [] },
    ] as const
    const replies = await session.run(calls)
    expect(replies).toEqual(calls.map(() => ({ error: expect.objectContaining({ code: 'INVALID_ARGUMENT' }) })))
  })

  test('answers CLOSED before it was opened and after it was closed', async () => {
    const { caller } = hosted()
    const { session } = await caller('one')
    const closed = { error: expect.objectContaining({ code: 'CLOSED' }) }
    expect(await session.run([agent])).toEqual([closed])
    await session.open(options)
    await session.close()
    expect(await session.run([agent])).toEqual([closed])
    expect(await session.run([{ on: 'host', method: 'status', args: [] }])).toEqual([closed])
  })

  test('opens again for the next session after a failed opening', async () => {
    const { medium, caller } = hosted()
    await medium.acquireLease(0)
    const { session } = await caller('one')
    expect(await session.open(options)).toMatchObject({ error: { code: 'LOCKED' } })
    medium.releaseLease()
    expect(await session.open(options)).toMatchObject({ result: expect.any(Number) })
  })
})
