import { checkCallbacks, invalid } from '../../checks.ts'
import type { AsyncStore } from '../../client/async-store.ts'
import { openClient } from '../../client/open-client.ts'
import { RemoteChannel } from '../../client/remote-channel.ts'
import { failedToLoad, StoreError } from '../../errors.ts'
import type { StorageAdapter } from '../../persistence/storage.ts'
import type { Channel } from '../../protocol/channel.ts'
import { clientPlatform } from '../client-platform.ts'
import { newUuid } from '../defaults.ts'
import {
  checkFlags,
  checkLearningStoreOptions,
  checkUrl,
  checkWorkerOptions,
  isStorageAdapter,
  type StorageName,
} from '../options.ts'
import { withQueryThread } from '../query-channel.ts'
import { defaultBrowserStorage } from './default-storage.ts'
import { deleteMarker, loadMarker, saveMarker } from './local-storage-marker.ts'
import { BROWSER_OPTIONS, type BrowserStoreOptions, type TrustedScriptUrl, type WorkerKind } from './options.ts'
import { onPageHide } from './page-lifecycle.ts'
import { indexedDbName } from './storage-names.ts'
import { persistence, withStorageInfo } from './storage-quota.ts'
import { browserLink } from './worker-link.ts'

/**
 * Opens a learning store in a page, and creates it if there is none. By default the store runs in a worker that all
 * tabs of the origin share.
 *
 * @throws INVALID_ARGUMENT; UNSUPPORTED if the browser lacks a required feature; NOT_PERSISTENT
 * @throws LOCKED after `lockTimeoutMs` if another writer holds the storage
 * @throws SCHEMA_TOO_NEW, CORRUPT_SNAPSHOT, CORRUPT_LOG, STORE_MISSING, STORAGE_FULL, STORAGE_ERROR, NOT_A_STORE
 * @throws WORKER_LOST, MODULE_LOAD_FAILED
 */
export async function openLearningStore<P extends StorageName | StorageAdapter>(
  given: BrowserStoreOptions<P> = {},
): Promise<AsyncStore> {
  const options: BrowserStoreOptions = given
  const { worker, persist, requirePersistent, onBlocked } = checkLearningStoreOptions(options, BROWSER_OPTIONS)
  checkFlags({ persist, requirePersistent })
  checkCallbacks({ onBlocked })
  if (worker !== undefined && worker !== false && worker !== 'shared' && worker !== 'dedicated') {
    throw invalid('worker', '"shared", "dedicated" or false', worker)
  }
  const persisted = await persistence({ persist, requirePersistent })
  const storage = options.storage === undefined ? await defaultBrowserStorage() : options.storage
  const resolved = { ...options, storage }
  const isLocal = worker === false || isStorageAdapter(storage) || (worker === undefined && storage === 'memory:')
  if (!isLocal) return openRemote(resolved, persisted)
  const { openLocal } = await import('./local.ts').catch(failedToLoad('a store in this thread'))
  return openLocal(resolved, persisted)
}

async function openRemote(options: BrowserStoreOptions, persisted: boolean | undefined): Promise<AsyncStore> {
  const { durability = 'relaxed', readOnly, seed, lockTimeoutMs, persistence, newId = newUuid, onBlocked } = options
  const storage = checkWorkerOptions(options)
  const kind = availableWorker(options.worker || undefined)
  const workerUrl = checkWorkerUrl(options.workerUrl)
  const wasmUrl = checkUrl(options.wasmUrl, 'wasmUrl')?.href
  const channel = new RemoteChannel({
    // A worker writes or reads: readers share one of their own.
    connect: (onEvent) => browserLink(kind, readOnly ? `${storage} (read-only)` : storage, onEvent, workerUrl),
    open: () => ({
      storage,
      durability,
      readOnly,
      seed,
      lockTimeoutMs,
      persistence,
      wasmUrl,
      expectedStore: loadMarker(storage),
    }),
    newId,
    onEvent(event, takeOver) {
      if ('blocked' in event) onBlocked?.({ takeOver })
      if ('storeMarker' in event) saveMarker(storage, event.storeMarker)
    },
    platform: clientPlatform,
  })
  const open = async (): Promise<Channel> => {
    await channel.open()
    const querying =
      storage === 'memory:'
        ? channel
        : withQueryThread(channel, {
            start: () => browserLink('dedicated', `${storage} (query)`, () => {}, workerUrl),
            options: { storage, readOnly, wasmUrl },
          })
    const end = onPageHide(() => void channel.flush().catch(() => {}))
    const close = (): Promise<void> => {
      end()
      return querying.close()
    }
    return { ...withStorageInfo(querying, persisted), close }
  }
  return openClient(open, clientPlatform, storage, options)
}

/** A trusted URL must reach the worker's constructor as it is. @throws INVALID_ARGUMENT */
function checkWorkerUrl(url: BrowserStoreOptions['workerUrl']): URL | TrustedScriptUrl | undefined {
  const { trustedTypes } = globalThis as { trustedTypes?: { isScriptURL(value: unknown): boolean } }
  return trustedTypes?.isScriptURL(url) ? (url as TrustedScriptUrl) : checkUrl(url as string | URL, 'workerUrl')
}

/** @throws UNSUPPORTED */
function availableWorker(wanted: WorkerKind | undefined): WorkerKind {
  if (!navigator.locks) {
    const remedy = globalThis.isSecureContext ? 'Use another browser.' : 'Use https or localhost.'
    throw new StoreError('UNSUPPORTED', `This context has no navigator.locks. ${remedy}`)
  }
  const constructors = { shared: globalThis.SharedWorker, dedicated: globalThis.Worker }
  const available = (['shared', 'dedicated'] as const).filter((kind) => typeof constructors[kind] === 'function')
  const found = available.find((kind) => wanted === undefined || kind === wanted)
  if (found) return found
  const finding = `This context has no ${wanted ? `${wanted} ` : ''}workers`
  throw new StoreError('UNSUPPORTED', `${finding}. Pass \`worker: false\` to run the store in this thread.`)
}

/**
 * Deletes a store and its marker for good; afterwards the storage can be opened as a new one.
 * @param storage `indexeddb:NAME`
 * @throws LOCKED if a tab or worker has it open
 * @throws INVALID_ARGUMENT, UNSUPPORTED, STORAGE_ERROR, MODULE_LOAD_FAILED
 */
export async function deleteLearningStore(storage: string): Promise<void> {
  const name = indexedDbName(storage)
  if (name === undefined) throw invalid('the storage', 'indexeddb:NAME', storage)
  const { deleteIndexedDbStorage } = await import('../../persistence/indexeddb/index.ts').catch(
    failedToLoad('IndexedDB'),
  )
  await deleteIndexedDbStorage(name)
  deleteMarker(storage)
}
