import { ConnectionLoss } from '../../client/connection-loss.ts'
import type { Link } from '../../client/remote-channel.ts'
import { closedError, StoreError } from '../../errors.ts'
import { coded } from '../../persistence/indexeddb/errors.ts'
import type { HostEvent } from '../../protocol/wire.ts'
import type { TrustedScriptUrl, WorkerKind } from './options.ts'
import { SignOfLife, whenFree } from './web-locks.ts'
import { Attempt } from './worker-handshake.ts'

/** A worker that has not answered after this time never will. */
const START_TIMEOUT_MS = 30_000
/**
 * Chromium sometimes reports nothing about a shared worker whose script is missing, or connects a page to one that is
 * just ending. A second attempt gets an answer.
 */
const RETRY_MS = 2_000
/** After this many attempts a silent shared worker is given up; because it keeps its name, another name is used. */
const ATTEMPTS_PER_NAME = 3

/** This page's sign of life for its hosts. */
const alive = new SignOfLife()

/** Starts a worker with a host, or connects to the running shared one. Rejects with WORKER_LOST or UNSUPPORTED. */
export async function browserLink(
  kind: WorkerKind,
  storage: string,
  onEvent: (event: HostEvent) => void,
  workerUrl: URL | TrustedScriptUrl | undefined,
): Promise<Link> {
  const loss = new ConnectionLoss()
  const lose = (event: string, cause?: unknown): void =>
    loss.lose(new StoreError('WORKER_LOST', `The ${kind} worker of ${storage} ${event}`, { cause }))
  const watching = new AbortController()
  const attempts: Attempt[] = []
  const clientLock = await coded(`start the ${kind} worker of ${storage}`, () => alive.begin())
  const end = (): void => {
    loss.lose(closedError())
    watching.abort()
    for (const attempt of attempts) attempt.stop()
    alive.end()
  }

  let greet: (host: { attempt: Attempt; lock: string | undefined }) => void = () => {}
  const greeting = new Promise<{ attempt: Attempt; lock: string | undefined }>((resolve) => {
    greet = resolve
  })
  const failed = async (error: Event): Promise<void> => {
    const { message, filename } = error as Partial<ErrorEvent>
    const event = `did not load${filename ? ` (${filename})` : ''}: ${message || 'no reason given'}`
    lose(event + (await received(workerUrl)))
  }
  const ask = (): void => {
    const silent = Math.floor(attempts.length / ATTEMPTS_PER_NAME)
    const name = `learning-store ${storage}${silent > 0 ? ` (${silent + 1})` : ''}`
    try {
      const attempt = new Attempt(kind, name, workerUrl, (event) => void failed(event))
      attempts.push(attempt)
      attempt.hello(clientLock).then(
        (lock) => greet({ attempt, lock }),
        (cause: unknown) => lose(`failed to start: ${cause}`, cause),
      )
    } catch (cause) {
      const remedy =
        location.protocol === 'file:'
          ? 'Serve the page over http: one that is opened from a file has no workers.'
          : 'Set `workerUrl` to a URL of this origin, under Trusted Types to a `TrustedScriptURL`.'
      lose(`was refused: ${cause}. ${remedy}`, cause)
    }
  }
  ask()
  const again = kind === 'shared' ? setInterval(ask, RETRY_MS) : undefined
  const late = setTimeout(
    () => void received(workerUrl).then((got) => lose(`did not answer within ${START_TIMEOUT_MS} ms${got}`)),
    START_TIMEOUT_MS,
  )
  try {
    const { attempt, lock } = await loss.unlessLost(greeting)
    for (const other of attempts.splice(0)) if (other !== attempt) other.stop()
    attempts.push(attempt)
    // Later errors do not end the worker; they are reported where they happen.
    attempt.greeted(onEvent)
    if (lock !== undefined) void whenFree(lock, watching.signal).then(() => lose('died'))
    return { session: attempt.session, loss, end }
  } catch (error) {
    end()
    throw error
  } finally {
    clearInterval(again)
    clearTimeout(late)
  }
}

/** What the server sends for a worker's URL, if the caller set it: browsers do not say. */
async function received(url: URL | TrustedScriptUrl | undefined): Promise<string> {
  if (url === undefined) return '. Set `workerUrl` if your bundler or server does not find the worker.'
  const got = await fetch(String(url)).then(
    (response) => `${response.status} and ${response.headers.get('content-type') ?? 'no content type'}`,
    (error: unknown) => `nothing (${error})`,
  )
  return `. The server sent ${got} for ${url}.`
}
