import { type RemoteSession, sessionAt } from '../../client/remote-session.ts'
import type { Endpoint } from '../../host/host.ts'
import type { HostEvent } from '../../protocol/wire.ts'
import type { WorkerKind } from './options.ts'

/** One worker that was asked for, and may answer. */
export class Attempt {
  readonly session: RemoteSession
  readonly #events = new MessageChannel()
  readonly #unlisten: () => void
  readonly #stop: () => void

  /** @param onError called when the worker says that it failed. @throws what the browser says of an address it refuses. */
  constructor(kind: WorkerKind, name: string, url: URL | undefined, onError: (event: Event) => void) {
    const { endpoint, target, stop } = start(kind, name, url)
    target.addEventListener('error', onError)
    this.session = sessionAt(endpoint)
    this.#unlisten = () => target.removeEventListener('error', onError)
    this.#stop = stop
  }

  /** Resolves with the lock that tells of the host's life. */
  hello(callerLock: string): Promise<string | undefined> {
    return this.session.hello(callerLock, this.#events.port2)
  }

  /** The worker lives: what it tells goes there, and its errors are its own. */
  greeted(onEvent: (event: HostEvent) => void): void {
    this.#unlisten()
    this.#events.port1.onmessage = ({ data }) => onEvent(data as HostEvent)
  }

  stop(): void {
    this.#unlisten()
    this.#events.port1.close()
    this.#stop()
  }
}

/** Bundlers look for these expressions as they stand. */
function start(
  kind: WorkerKind,
  name: string,
  url: URL | undefined,
): { readonly endpoint: Endpoint; readonly target: EventTarget; readonly stop: () => void } {
  if (kind === 'shared') {
    const worker = url
      ? new SharedWorker(url, { type: 'module', name })
      : new SharedWorker(new URL('../../../worker/shared.js', import.meta.url), { type: 'module', name })
    return { endpoint: worker.port, target: worker, stop: () => worker.port.close() }
  }
  const worker = url
    ? new Worker(url, { type: 'module', name })
    : new Worker(new URL('../../../worker/dedicated.js', import.meta.url), { type: 'module', name })
  return { endpoint: worker, target: worker, stop: () => worker.terminate() }
}
