import { workerData } from 'node:worker_threads'
import { type Endpoint, Host } from '../../host/host.ts'
import { type OpenStore, openStore } from '../../open.ts'
import type { HostOptions } from '../../protocol/wire.ts'
import { coreDefaults } from '../defaults.ts'
import { nodeEngine } from './engine.ts'
import { nodeStorage } from './storage.ts'

/** Serves a store at a port. @param endpoint default: the one that the thread which started this one has given it */
export function serveNode(endpoint: Endpoint = workerData): void {
  new Host({ name: 'worker-thread', open }).serve(endpoint)
}

async function open({ storage, durability: _, isReconnect: __, seed, wasm, ...rest }: HostOptions): Promise<OpenStore> {
  const engine = await nodeEngine(wasm)
  // The durability is the session's own.
  return openStore({ ...rest, ...coreDefaults({ seed }), engine, storage: nodeStorage(storage) })
}
