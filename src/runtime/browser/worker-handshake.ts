import { type RemoteSession, sessionAt } from '../../client/remote-session.ts'
import type { Endpoint } from '../../host/host.ts'
import type { HostEvent } from '../../protocol/wire.ts'
import type { TrustedScriptUrl, WorkerKind } from './options.ts'

/** An attempt to reach a worker. */
export class Attempt {
  readonly session: RemoteSession
  readonly #events = new MessageChannel()
  readonly #removeErrorListener: () => void
  readonly #stop: () => void

  /**
   * @param onError called if the worker reports an error
   * @throws what the browser throws for a refused URL
   */
  constructor(
    kind: WorkerKind,
    name: string,
    url: URL | TrustedScriptUrl | undefined,
    onError: (event: Event) => void,
  ) {
    const { endpoint, target, stop } = start(kind, name, url)
    target.addEventListener('error', onError)
    this.session = sessionAt(endpoint)
    this.#removeErrorListener = () => target.removeEventListener('error', onError)
    this.#stop = stop
  }

  /** Resolves with the lock that the host holds while it lives. */
  hello(clientLock: string): Promise<string | undefined> {
    return this.session.hello(clientLock, this.#events.port2)
  }

  /** The worker is alive: forwards its events, and ignores its later errors. */
  greeted(onEvent: (event: HostEvent) => void): void {
    this.#removeErrorListener()
    this.#events.port1.onmessage = ({ data }) => onEvent(data as HostEvent)
  }

  stop(): void {
    this.#removeErrorListener()
    this.#events.port1.close()
    this.#stop()
  }
}

/** Bundlers recognize these expressions literally. */
function start(
  kind: WorkerKind,
  name: string,
  given: URL | TrustedScriptUrl | undefined,
): { readonly endpoint: Endpoint; readonly target: EventTarget; readonly stop: () => void } {
  // TypeScript's types know no trusted URLs.
  const url = given as URL | undefined
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
