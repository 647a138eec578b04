import { type Remote, wrap } from 'comlink'
import type { PeerWork } from './peer-worker.ts'

export type WorkerKind = 'shared' | 'dedicated'

/** The peer in a worker of its own, as a page without a store would call it. */
export function openPeer(kind: WorkerKind): Remote<PeerWork> {
  if (kind === 'shared') {
    const { port } = new SharedWorker(new URL('./peer-worker.ts', import.meta.url), { type: 'module', name: 'peer' })
    return wrap<PeerWork>(port)
  }
  return wrap<PeerWork>(new Worker(new URL('./peer-worker.ts', import.meta.url), { type: 'module', name: 'peer' }))
}
