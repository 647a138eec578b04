import { invalid } from '../../checks.ts'
import type { AsyncStore } from '../../client/async-store.ts'
import { RemoteChannel } from '../../client/remote-channel.ts'
import { storeClient } from '../../client/store-client.ts'
import { StoreError } from '../../errors.ts'
import type { StorageAdapter } from '../../persistence/storage.ts'
import { clientPlatform } from '../client-platform.ts'
import { newUuid } from '../defaults.ts'
import {
  checkFlags,
  checkFunctions,
  checkLearningStoreOptions,
  checkTravels,
  checkUrl,
  isStorageAdapter,
} from '../options.ts'
import { deleteMarker, loadMarker, saveMarker } from './local-storage-marker.ts'
import { BROWSER_OPTIONS, type BrowserStoreOptions, type WorkerKind } from './options.ts'
import { onPageHide } from './page-lifecycle.ts'
import { indexedDbName } from './storage-names.ts'
import { persistence, withStorage } from './storage-quota.ts'
import { browserLink } from './worker-link.ts'

/**
 * Opens a store, made where there is none. Rejects with INVALID_ARGUMENT; UNSUPPORTED where the browser lacks what it
 * takes; LOCKED after `lockTimeoutMs` (2,000 unless given); NOT_PERSISTENT; SCHEMA_TOO_NEW; CORRUPT_SNAPSHOT; CORRUPT_LOG;
 * STORE_MISSING; STORAGE_FULL; STORAGE_ERROR; WORKER_LOST.
 */
export async function openLearningStore<P extends string | StorageAdapter>(
  given: BrowserStoreOptions<P> = {},
): Promise<AsyncStore> {
  const options: BrowserStoreOptions = given
  const { worker, persist, requirePersistent, onBlocked } = checkLearningStoreOptions(options, BROWSER_OPTIONS)
  checkFlags({ persist, requirePersistent })
  checkFunctions({ onBlocked })
  if (worker !== undefined && worker !== false && worker !== 'shared' && worker !== 'dedicated') {
    throw invalid('worker', '"shared", "dedicated" or false', worker)
  }
  const persisted = await persistence({ persist, requirePersistent })
  const placed = { storage: 'indexeddb:agentic-qe', ...options }
  const isLocal =
    worker === false || isStorageAdapter(placed.storage) || (worker === undefined && placed.storage === 'memory:')
  if (isLocal) return (await import('./local.ts')).openLocal(placed, persisted)
  return openRemote(placed, persisted)
}

async function openRemote(options: BrowserStoreOptions, persisted: boolean | undefined): Promise<AsyncStore> {
  const { durability = 'relaxed', seed, lockTimeoutMs, persistence, newId = newUuid, onBlocked } = options
  const storage = checkTravels(options)
  const kind = availableWorker(options.worker || undefined)
  const workerUrl = checkUrl(options.workerUrl, 'workerUrl')
  const wasmUrl = checkUrl(options.wasmUrl, 'wasmUrl')?.href
  const channel = new RemoteChannel({
    connect: (heard) => browserLink(kind, storage, heard, workerUrl),
    open: () => ({
      storage,
      durability,
      seed,
      lockTimeoutMs,
      persistence,
      wasmUrl,
      expectedStore: loadMarker(storage),
    }),
    newId,
    onEvent(event, takeOver) {
      if ('blocked' in event) onBlocked?.({ takeOver })
      if ('remember' in event) saveMarker(storage, event.remember)
    },
    platform: clientPlatform,
  })
  await channel.open()
  const end = onPageHide(() => void channel.flush().catch(() => {}))
  const close = (): Promise<void> => {
    end()
    return channel.close()
  }
  return storeClient({ ...withStorage(channel, persisted), close }, clientPlatform)
}

/** @throws UNSUPPORTED */
function availableWorker(wanted: WorkerKind | undefined): WorkerKind {
  if (!navigator.locks) {
    const why = globalThis.isSecureContext ? '' : '; this context is not secure: use https or localhost'
    throw new StoreError('UNSUPPORTED', `Expected navigator.locks, got a context without${why}`)
  }
  const constructors = { shared: globalThis.SharedWorker, dedicated: globalThis.Worker }
  const available = (['shared', 'dedicated'] as const).filter((kind) => typeof constructors[kind] === 'function')
  const found = available.find((kind) => wanted === undefined || kind === wanted)
  if (found) return found
  const what = `Expected a context with ${wanted ? `${wanted} ` : ''}workers`
  throw new StoreError('UNSUPPORTED', `${what}, got one without; worker: false runs the store in it`)
}

/**
 * Removes a store for good, with all that is expectedStore of it; afterwards the storage can be opened as a new one. Rejects
 * with LOCKED while a tab or worker has it open, INVALID_ARGUMENT, UNSUPPORTED, STORAGE_ERROR.
 */
export async function deleteLearningStore(storage: string): Promise<void> {
  const name = indexedDbName(storage)
  if (name === undefined) throw invalid('the storage', 'indexeddb:NAME', storage)
  const { deleteIndexedDbStorage } = await import('../../persistence/indexeddb/index.ts')
  await deleteIndexedDbStorage(name)
  deleteMarker(storage)
}
