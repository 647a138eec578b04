import { MessageChannel, type MessagePort as NodePort, Worker } from 'node:worker_threads'
import { ConnectionLoss } from '../../client/connection-loss.ts'
import type { Link } from '../../client/remote-channel.ts'
import { sessionAt } from '../../client/remote-session.ts'
import { closedError, StoreError } from '../../errors.ts'
import type { Endpoint } from '../../host/host.ts'
import { threadEnded } from '../../persistence/file/lease-holder.ts'
import type { HostEvent } from '../../protocol/wire.ts'

const REMEDY =
  'In a bundle, set `workerUrl` to a bundle of learning-store/worker/node.js, or open the store without `worker`.'

/** Starts a worker thread with a host. Rejects with WORKER_LOST. @param script default: the one in the package */
export async function nodeLink(onEvent: (event: HostEvent) => void, script: URL | undefined): Promise<Link> {
  const calls = new MessageChannel()
  const events = new MessageChannel()
  const worker = started(script, calls.port2)
  const loss = new ConnectionLoss()
  const thread = worker.threadId
  let isReady = false
  let failure: Error | undefined
  worker.once('error', (error: Error) => {
    failure = error
  })
  worker.once('exit', (code) => {
    threadEnded(thread)
    const event = failure ? `failed: ${failure.message}` : `ended with code ${code}`
    loss.lose(
      new StoreError('WORKER_LOST', `The worker thread ${event}${isReady ? '' : `. ${REMEDY}`}`, { cause: failure }),
    )
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
    isReady = true
    const keepAlive = (isNeeded: boolean): void => {
      for (const one of [worker, calls.port1, events.port1]) isNeeded ? one.ref() : one.unref()
    }
    return { session, loss, end, keepAlive }
  } catch (error) {
    end()
    throw error
  }
}

/** In a bundle of CommonJS there is no address beside which the script could be. @throws WORKER_LOST */
function started(script: URL | undefined, port: NodePort): Worker {
  try {
    const url = script ?? new URL('../../../worker/node.js', import.meta.url)
    return new Worker(url, { workerData: port, transferList: [port] })
  } catch (cause) {
    throw new StoreError('WORKER_LOST', `The worker thread did not start: ${cause}. ${REMEDY}`, { cause })
  }
}
