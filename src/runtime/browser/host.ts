import { type Endpoint, Host } from '../../host/host.ts'
import { type OpenStore, openStore } from '../../open.ts'
import type { HostEvent, HostOptions } from '../../protocol/wire.ts'
import { coreDefaults } from '../defaults.ts'
import { browserEngine } from './engine.ts'
import { onHandoverRequested, requestHandover } from './handover-channel.ts'
import { browserStorage } from './storage.ts'
import { SignOfLife, whenFree } from './web-locks.ts'

/** The part of a worker's global scope that is used; TypeScript's types of it exclude those of a page. */
type WorkerScope = Endpoint & { onconnect?: ((event: MessageEvent) => void) | null }

/** Serves a store to the page of this worker, or to all pages that connect to it. */
export function serveBrowser(): void {
  const scope = globalThis as unknown as WorkerScope
  const isShared = 'onconnect' in scope
  const host = new Host({
    name: isShared ? 'shared-worker' : 'dedicated-worker',
    open,
    holdLock: () => new SignOfLife().begin(),
    whenFree,
    requestHandover,
    onHandoverRequested,
  })
  if (!isShared) {
    host.serve(scope)
    return
  }
  scope.onconnect = ({ ports: [port] }) => {
    if (port) host.serve(port)
  }
}

/** An append blocks this thread for about ten operations, so commits are grouped for this long. */
const GROUP_COMMIT_MS = 5

async function open(options: HostOptions, notify: (event: HostEvent) => void): Promise<OpenStore> {
  const { storage, durability: _, isReconnect: __, seed, wasmUrl, expectedStore, ...rest } = options
  const engine = await browserEngine(wasmUrl)
  const adapter = browserStorage(storage, {
    expectedStore,
    onBlocked: () => notify({ blocked: true }),
    onStoreMarker: (storeMarker) => notify({ storeMarker }),
  })
  // The durability is each session's own.
  return openStore({ ...rest, ...coreDefaults({ seed }), engine, storage: adapter, groupCommitMs: GROUP_COMMIT_MS })
}
