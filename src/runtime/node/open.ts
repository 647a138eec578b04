import { invalid } from '../../checks.ts'
import type { AsyncStore } from '../../client/async-store.ts'
import { localChannel } from '../../client/local-channel.ts'
import { RemoteChannel } from '../../client/remote-channel.ts'
import { storeClient } from '../../client/store-client.ts'
import { openStore } from '../../open.ts'
import type { StorageAdapter } from '../../persistence/storage.ts'
import { clientPlatform } from '../client-platform.ts'
import { coreDefaults, newUuid } from '../defaults.ts'
import {
  checkFlags,
  checkLearningStoreOptions,
  checkTravels,
  isStorageAdapter,
  type LearningStoreOptions,
} from '../options.ts'
import { nodeEngine } from './engine.ts'
import { defaultNodeStorage, nodeStorage } from './storage.ts'
import { nodeLink } from './worker-link.ts'

/**
 * Without a storage: the file named by the environment variable AQE_DB_PATH, or `.agentic-qe/memory.db`. Storages by name:
 * `file:PATH`, `memory:` (not beyond the process).
 */
export interface NodeStoreOptions<P extends string | StorageAdapter = string | StorageAdapter>
  extends LearningStoreOptions<P> {
  /** Run the store in a worker thread, so that this thread never waits for SQLite. */
  readonly worker?: boolean
}

/**
 * Opens a store, made where there is none. Rejects with INVALID_ARGUMENT; LOCKED after `lockTimeoutMs` (2,000 unless given);
 * NOT_A_STORE; MODIFIED_EXTERNALLY; SCHEMA_TOO_NEW; CORRUPT_SNAPSHOT; CORRUPT_LOG; STORE_MISSING; STORAGE_FULL; STORAGE_ERROR;
 * WORKER_LOST.
 */
export async function openLearningStore<P extends string | StorageAdapter>(
  options: NodeStoreOptions<P> = {},
): Promise<AsyncStore> {
  const { worker, ...given } = checkLearningStoreOptions<NodeStoreOptions>(options, ['worker'])
  checkFlags({ worker })
  const named = { ...given, storage: given.storage === undefined ? defaultNodeStorage() : given.storage }
  if (worker) return openRemote(named)
  const { storage, now, newId, seed, ...rest } = named
  const core = coreDefaults({ now, newId, seed })
  const opened = await openStore({ ...rest, ...core, engine: await nodeEngine(), storage: resolved(storage) })
  return storeClient(localChannel(opened), clientPlatform)
}

async function openRemote(options: LearningStoreOptions): Promise<AsyncStore> {
  const { durability = 'relaxed', seed, lockTimeoutMs, persistence, newId = newUuid } = options
  const storage = checkTravels(options)
  const channel = new RemoteChannel({
    connect: nodeLink,
    open: () => ({ storage, durability, seed, lockTimeoutMs, persistence }),
    newId,
    onEvent: () => {},
    platform: clientPlatform,
  })
  await channel.open()
  return storeClient(channel, clientPlatform)
}

function resolved(storage: LearningStoreOptions['storage']): ReturnType<typeof nodeStorage> {
  if (typeof storage === 'string') return nodeStorage(storage)
  if (storage && isStorageAdapter(storage)) return storage
  throw invalid('the storage', 'file:PATH, memory: or a StorageAdapter', storage)
}
