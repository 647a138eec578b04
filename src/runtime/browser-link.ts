import { StoreError } from '../errors.ts'
import type { Endpoint } from '../face/host.ts'
import { Loss } from '../face/loss.ts'
import type { Link } from '../face/remote.ts'
import { sessionAt } from '../face/remote-session.ts'
import type { HostEvent } from '../face/wire.ts'
import { holdLock, whenFree } from './web-locks.ts'

export type WorkerKind = 'shared' | 'dedicated'

/** A worker that has not said anything for so long will not: its script loaded, or it would have failed. */
const MOST_START_MS = 30_000
/** Chromium now and then has no error for a shared worker whose script is not there (1 of 100): asked again, it has. */
const ASK_AGAIN_MS = 2_000

/** This page's sign of life, for its hosts. */
let alive: Promise<string> | undefined

/** Starts a worker with a host in it, or finds the shared one that runs. Rejects with WORKER_LOST. */
export async function browserLink(
  kind: WorkerKind,
  place: string,
  onEvent: (event: HostEvent) => void,
  workerUrl: string | URL | undefined,
): Promise<Link> {
  const begin = (): Started => start(kind, `learning-store ${place}`, workerUrl)
  const { endpoint, target, stop } = begin()
  const watching = new AbortController()
  const events = new MessageChannel()
  const loss = new Loss()
  const lose = (what: string): void =>
    loss.lose(new StoreError('WORKER_LOST', `Expected the ${kind} worker of ${place} to live, but it ${what}`))
  const end = (): void => {
    loss.lose(new StoreError('CLOSED', 'Expected an open store, got one that was closed'))
    watching.abort()
    events.port1.close()
    stop()
  }
  let greeted = false
  // Later errors are no end of the worker; they are reported where they happen.
  const failed = (event: Event): void => {
    if (greeted) return
    const { message = '', filename = '' } = event as Partial<ErrorEvent>
    void received(workerUrl).then((got) =>
      lose(`did not load${filename && ` (${filename})`}: ${message || 'no reason given'}${got}`),
    )
  }
  target.addEventListener('error', failed)
  const probes: Started[] = []
  const askAgain = (): void => {
    const probe = begin()
    probe.target.addEventListener('error', failed)
    probes.push(probe)
  }
  const quiet = kind === 'shared' ? setInterval(askAgain, ASK_AGAIN_MS) : undefined
  const silence = `said nothing for ${MOST_START_MS} ms`
  const late = setTimeout(() => void received(workerUrl).then((got) => lose(`${silence}${got}`)), MOST_START_MS)
  events.port1.onmessage = ({ data }) => onEvent(data as HostEvent)
  const session = sessionAt(endpoint)
  try {
    alive ??= holdLock()
    const callerLock = await alive
    const hostLock = await loss.unlessLost(session.hello(callerLock, events.port2))
    greeted = true
    if (hostLock !== undefined) void whenFree(hostLock, watching.signal).then(() => lose('died'))
    return { session, loss, end }
  } catch (error) {
    end()
    throw error
  } finally {
    clearTimeout(late)
    clearInterval(quiet)
    for (const probe of probes) probe.stop()
  }
}

interface Started {
  readonly endpoint: Endpoint
  readonly target: EventTarget
  readonly stop: () => void
}

/** Bundlers look for these expressions as they stand. */
function start(kind: WorkerKind, name: string, url: string | URL | undefined): Started {
  if (kind === 'shared') {
    const worker = url
      ? new SharedWorker(url, { type: 'module', name })
      : new SharedWorker(new URL('../../worker/shared.js', import.meta.url), { type: 'module', name })
    return { endpoint: worker.port, target: worker, stop: () => worker.port.close() }
  }
  const worker = url
    ? new Worker(url, { type: 'module', name })
    : new Worker(new URL('../../worker/dedicated.js', import.meta.url), { type: 'module', name })
  return { endpoint: worker, target: worker, stop: () => worker.terminate() }
}

/** What the server answers for a worker's address, where the caller named it: browsers do not tell. */
async function received(url: string | URL | undefined): Promise<string> {
  if (url === undefined) return '; set workerUrl where your bundler does not find the worker'
  const got = await fetch(url).then(
    (response) => `${response.status} and ${response.headers.get('content-type') ?? 'no content type'}`,
    (error: unknown) => `no answer (${error})`,
  )
  return `; the server answered ${got} for ${url}`
}
