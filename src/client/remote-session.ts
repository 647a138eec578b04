import { transfer, wrap } from 'comlink'
import type { Endpoint } from '../host/host.ts'
import type { HostSession } from '../protocol/wire.ts'

/** A host as its caller sees it. */
export interface RemoteSession extends Omit<HostSession, 'hello'> {
  /** As the host's own, and gives the port away. */
  hello(callerLock: string | undefined, events: MessagePort): Promise<string | undefined>
}

/** The session that a host exposes at the other end. */
export function sessionAt(endpoint: Endpoint): RemoteSession {
  const remote = wrap<HostSession>(endpoint) as unknown as HostSession
  return {
    hello: (callerLock, events) => remote.hello({ callerLock }, transfer(events, [events])),
    open: (options) => remote.open(options),
    run: (calls) => remote.run(calls),
    work: (id, job) => remote.work(id, job),
    goOn: (id, isWanted) => remote.goOn(id, isWanted),
    takeOver: () => remote.takeOver(),
    watch: (isWatching) => remote.watch(isWatching),
    close: () => remote.close(),
  }
}
