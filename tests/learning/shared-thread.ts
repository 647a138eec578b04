import { MessageChannel, type MessagePort as NodePort, Worker } from 'node:worker_threads'
import type { AsyncStore, NodeStoreOptions, StorageName } from 'learning-store'
import { ConnectionLoss } from '../../src/client/connection-loss.ts'
import { type Link, RemoteChannel } from '../../src/client/remote-channel.ts'
import { sessionAt } from '../../src/client/remote-session.ts'
import { storeClient } from '../../src/client/store-client.ts'
import { closedError, StoreError } from '../../src/errors.ts'
import type { Endpoint } from '../../src/host/host.ts'
import type { HostEvent } from '../../src/protocol/wire.ts'
import { clientPlatform } from '../../src/runtime/client-platform.ts'
import { newUuid } from '../../src/runtime/defaults.ts'

/** Starts a host for each port that it receives. */
const PROGRAM = `
const { parentPort } = require('node:worker_threads')
const ready = import(${JSON.stringify(new URL('../../dist/src/runtime/node/host.js', import.meta.url).href)})
parentPort.on('message', (port) => ready.then(({ serveNode }) => serveNode(port)))
`

interface SharedThread {
  open(options: NodeStoreOptions<StorageName> & { readonly storage: StorageName }): Promise<AsyncStore>
  terminate(): Promise<number>
}

/**
 * A worker thread with any number of stores, each with a host and a client of its own as `openLearningStore({ worker: true })` has them.
 * A thread of its own for each test would take most of the time; tests/client starts, loses and ends real ones.
 */
export function sharedThread(): SharedThread {
  const worker = new Worker(PROGRAM, { eval: true })
  const losses = new Set<ConnectionLoss>()
  let lost: StoreError | undefined
  const lose = (cause: unknown): void => {
    lost ??= new StoreError('WORKER_LOST', `The thread has ended: ${cause}`, { cause })
    for (const loss of losses) loss.lose(lost)
  }
  worker.once('error', lose)
  worker.once('exit', lose)
  const link = async (onEvent: (event: HostEvent) => void): Promise<Link> => {
    if (lost) throw lost
    const [calls, events] = [new MessageChannel(), new MessageChannel()]
    const loss = new ConnectionLoss()
    losses.add(loss)
    worker.postMessage(calls.port2, [calls.port2])
    events.port1.on('message', onEvent)
    const session = sessionAt(asEndpoint(calls.port1))
    const end = (): void => {
      loss.lose(closedError())
      losses.delete(loss)
      calls.port1.close()
      events.port1.close()
    }
    await loss.unlessLost(session.hello(undefined, events.port2 as unknown as MessagePort))
    return { session, loss, end }
  }
  return {
    async open({ durability = 'relaxed', storage, seed }) {
      const channel = new RemoteChannel({
        connect: link,
        open: () => ({ storage, durability, seed, lockTimeoutMs: undefined, persistence: undefined }),
        newId: newUuid,
        onEvent: () => {},
        platform: clientPlatform,
      })
      await channel.open()
      return storeClient(channel, clientPlatform)
    },
    terminate: () => worker.terminate(),
  }
}

/** Node's ports have the methods that Comlink uses, but other types. */
function asEndpoint(port: NodePort): Endpoint {
  return port as unknown as Endpoint
}
