import { transfer, wrap } from 'comlink'
import type { Endpoint } from '../host/host.ts'
import type { HostSession } from '../protocol/wire.ts'

/** A session as its client sees it. */
export interface RemoteSession extends Omit<HostSession, 'hello'> {
  /** Same as `HostSession.hello`, and transfers the port. */
  hello(clientLock: string | undefined, events: MessagePort): Promise<string | undefined>
}

/** The session that a host exposes at the other end of a channel. */
export function sessionAt(endpoint: Endpoint): RemoteSession {
  const remote = wrap<HostSession>(endpoint) as unknown as HostSession
  return {
    hello: (clientLock, events) => remote.hello({ clientLock }, transfer(events, [events])),
    open: (options) => remote.open(options),
    run: (calls) => remote.run(calls),
    work: (id, job) => remote.work(id, job),
    continueWork: (id, isWanted) => remote.continueWork(id, isWanted),
    takeOver: () => remote.takeOver(),
    watch: (isWatching) => remote.watch(isWatching),
    close: () => remote.close(),
  }
}
