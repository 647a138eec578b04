import { ConnectionLoss } from '../../client/connection-loss.ts'
import type { Link } from '../../client/remote-channel.ts'
import { closedError, StoreError } from '../../errors.ts'
import type { HostEvent } from '../../protocol/wire.ts'
import type { WorkerKind } from './options.ts'
import { SignOfLife, whenFree } from './web-locks.ts'
import { Attempt } from './worker-handshake.ts'

/** A worker that has not said anything for so long will not. */
const MOST_START_MS = 30_000
/**
 * Chromium now and then tells nothing of a shared worker whose script is not there, or connects a page to one that is just
 * ending. Asked again it answers.
 */
const ASK_AGAIN_MS = 2_000
/** A shared worker that does not answer so many times never will, and keeps its name: another is asked for. */
const ASKS_BY_NAME = 3

/** This page's sign of life, for its hosts. */
const alive = new SignOfLife()

/** Starts a worker with a host in it, or finds the shared one that runs. Rejects with WORKER_LOST. */
export async function browserLink(
  kind: WorkerKind,
  storage: string,
  onEvent: (event: HostEvent) => void,
  workerUrl: URL | undefined,
): Promise<Link> {
  const loss = new ConnectionLoss()
  const lose = (what: string, cause?: unknown): void =>
    loss.lose(
      new StoreError('WORKER_LOST', `Expected the ${kind} worker of ${storage} to live, but it ${what}`, { cause }),
    )
  const watching = new AbortController()
  const attempts: Attempt[] = []
  const callerLock = await alive.begin()
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
  const failed = async (event: Event): Promise<void> => {
    const { message, filename } = event as Partial<ErrorEvent>
    const what = `did not load${filename ? ` (${filename})` : ''}: ${message || 'no reason given'}`
    lose(what + (await received(workerUrl)))
  }
  const ask = (): void => {
    const silent = Math.floor(attempts.length / ASKS_BY_NAME)
    const name = `learning-store ${storage}${silent > 0 ? ` (${silent + 1})` : ''}`
    try {
      const attempt = new Attempt(kind, name, workerUrl, (event) => void failed(event))
      attempts.push(attempt)
      attempt.hello(callerLock).then(
        (lock) => greet({ attempt, lock }),
        (cause: unknown) => lose(`failed to begin: ${cause}`, cause),
      )
    } catch (cause) {
      lose(`was refused: ${cause}; set workerUrl to an address of this origin`, cause)
    }
  }
  ask()
  const again = kind === 'shared' ? setInterval(ask, ASK_AGAIN_MS) : undefined
  const late = setTimeout(
    () => void received(workerUrl).then((got) => lose(`said nothing for ${MOST_START_MS} ms${got}`)),
    MOST_START_MS,
  )
  try {
    const { attempt, lock } = await loss.unlessLost(greeting)
    for (const other of attempts.splice(0)) if (other !== attempt) other.stop()
    attempts.push(attempt)
    // Later errors are no end of the worker; they are reported where they happen.
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

/** What the server answers for a worker's address, where the caller named it: browsers do not tell. */
async function received(url: URL | undefined): Promise<string> {
  if (url === undefined) return '; set workerUrl where your bundler or server does not find the worker'
  const got = await fetch(url).then(
    (response) => `${response.status} and ${response.headers.get('content-type') ?? 'no content type'}`,
    (error: unknown) => `no answer (${error})`,
  )
  return `; the server answered ${got} for ${url}`
}
