import { MessageChannel, Worker } from 'node:worker_threads'
import { ConnectionLoss } from '../../client/connection-loss.ts'
import type { Link } from '../../client/remote-channel.ts'
import { sessionAt } from '../../client/remote-session.ts'
import { closedError, StoreError } from '../../errors.ts'
import type { Endpoint } from '../../host/host.ts'
import { threadEnded } from '../../persistence/file/lease-holder.ts'
import type { HostEvent } from '../../protocol/wire.ts'

/** Starts a worker thread with a host. Rejects with WORKER_LOST. */
export async function nodeLink(
  onEvent: (event: HostEvent) => void,
  url: string | URL = new URL('../../../worker/node.js', import.meta.url),
): Promise<Link> {
  const calls = new MessageChannel()
  const events = new MessageChannel()
  const worker = new Worker(url, { workerData: calls.port2, transferList: [calls.port2] })
  const loss = new ConnectionLoss()
  const thread = worker.threadId
  let failure: Error | undefined
  worker.once('error', (error: Error) => {
    failure = error
  })
  worker.once('exit', (code) => {
    threadEnded(thread)
    const event = failure ? `failed: ${failure.message}` : `ended with code ${code}`
    loss.lose(new StoreError('WORKER_LOST', `Worker thread ${url} ${event}`, { cause: failure }))
  })
  events.port1.on('message', onEvent)
  // Node's ports have the methods that Comlink uses, but other types.
  const session = sessionAt(calls.port1 as unknown as Endpoint)
  const end = (): void => {
    loss.lose(closedError())
    calls.port1.close()
    events.port1.close()
    void worker.terminate()
  }
  try {
    await loss.unlessLost(session.hello(undefined, events.port2 as unknown as MessagePort))
    return { session, loss, end }
  } catch (error) {
    end()
    throw error
  }
}
