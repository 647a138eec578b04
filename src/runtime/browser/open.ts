import { invalid } from '../../checks.ts'
import type { AsyncStore } from '../../client/async-store.ts'
import { RemoteChannel } from '../../client/remote-channel.ts'
import { storeFace } from '../../client/store-client.ts'
import { StoreError } from '../../errors.ts'
import type { Place } from '../../persistence/storage.ts'
import { newUuid } from '../defaults.ts'
import { facePlatform } from '../face-platform.ts'
import { checkFlags, checkFunctions, checkLearningStoreOptions, checkTravels, checkUrl, isPlace } from '../options.ts'
import { forgetHere, recalled, rememberHere } from './local-storage-marker.ts'
import { BROWSER_OPTIONS, type BrowserStoreOptions, type WorkerKind } from './options.ts'
import { onLeaving } from './page-lifecycle.ts'
import { indexedDbName } from './storage-names.ts'
import { persistence, withStorage } from './storage-quota.ts'
import { browserLink } from './worker-link.ts'

/**
 * Opens a store, made where there is none. Rejects with INVALID_ARGUMENT; UNSUPPORTED where the browser lacks what it
 * takes; LOCKED after `waitMs` (2,000 unless given); NOT_PERSISTENT; NEWER_SCHEMA; DAMAGED_SNAPSHOT; DAMAGED_LOG;
 * PLACE_LOST; STORAGE_FULL; STORAGE_FAILED; WORKER_LOST.
 */
export async function openLearningStore<P extends string | Place>(
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
  const placed = { place: 'indexeddb:agentic-qe', ...options }
  const isLocal = worker === false || isPlace(placed.place) || (worker === undefined && placed.place === 'memory:')
  if (isLocal) return (await import('./local.ts')).openLocal(placed, persisted)
  return openRemote(placed, persisted)
}

async function openRemote(options: BrowserStoreOptions, persisted: boolean | undefined): Promise<AsyncStore> {
  const { durability = 'relaxed', seed, waitMs, keeping, newId = newUuid, onBlocked } = options
  const place = checkTravels(options)
  const kind = availableWorker(options.worker || undefined)
  const workerUrl = checkUrl(options.workerUrl, 'workerUrl')
  const wasmUrl = checkUrl(options.wasmUrl, 'wasmUrl')?.href
  const channel = new RemoteChannel({
    connect: (heard) => browserLink(kind, place, heard, workerUrl),
    open: () => ({ place, durability, seed, waitMs, keeping, wasmUrl, remembered: recalled(place) }),
    newId,
    onEvent(event, takeOver) {
      if ('blocked' in event) onBlocked?.({ takeOver })
      if ('remember' in event) rememberHere(place, event.remember)
    },
    platform: facePlatform,
  })
  await channel.open()
  const end = onLeaving(() => void channel.flush().catch(() => {}))
  const close = (): Promise<void> => {
    end()
    return channel.close()
  }
  return storeFace({ ...withStorage(channel, persisted), close }, facePlatform)
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
 * Removes a store for good, with all that is remembered of it; afterwards the place can be opened as a new one. Rejects
 * with LOCKED while a tab or worker has it open, INVALID_ARGUMENT, UNSUPPORTED, STORAGE_FAILED.
 */
export async function deleteLearningStore(place: string): Promise<void> {
  const name = indexedDbName(place)
  if (name === undefined) throw invalid('the place', 'indexeddb:NAME', place)
  const { deleteIndexedDbPlace } = await import('../../persistence/indexeddb/index.ts')
  await deleteIndexedDbPlace(name)
  forgetHere(place)
}
