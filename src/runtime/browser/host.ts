import { type Endpoint, Host } from '../../host/host.ts'
import { type OpenStore, openStore } from '../../open.ts'
import type { HostEvent, HostOptions } from '../../protocol/wire.ts'
import { coreDefaults } from '../defaults.ts'
import { browserEngine } from './engine.ts'
import { onHandoverRequested, requestHandover } from './handover-channel.ts'
import { browserStorage } from './storage.ts'
import { SignOfLife, whenFree } from './web-locks.ts'

/** The part of a worker's global scope that we use; TypeScript's own types of it exclude those of a page. */
type WorkerScope = Endpoint & { onconnect?: ((event: MessageEvent) => void) | null }

/** Serves a store to whom this worker belongs: its page, or all pages that connect to it. */
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

/** In one thread with IndexedDB an append costs as much as ten operations; so long later it takes many at once. */
const GATHER_MS = 5

async function open(options: HostOptions, tell: (event: HostEvent) => void): Promise<OpenStore> {
  const { storage, durability: _, again: __, seed, wasmUrl, expectedStore, ...rest } = options
  const engine = await browserEngine(wasmUrl)
  const found = browserStorage(storage, {
    expectedStore,
    onBlocked: () => tell({ blocked: true }),
    onStoreMarker: (storeMarker) => tell({ remember: storeMarker }),
  })
  // How firmly each caller wants its operations kept is the business of its session.
  return openStore({ ...rest, ...coreDefaults({ seed }), engine, storage: found, gatherMs: GATHER_MS })
}
