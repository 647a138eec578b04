import { invalid } from '../../checks.ts'
import type { AsyncStore } from '../../client/async-store.ts'
import { localChannel } from '../../client/local-channel.ts'
import { RemoteChannel } from '../../client/remote-channel.ts'
import { storeFace } from '../../client/store-client.ts'
import { openStore } from '../../open.ts'
import type { Place } from '../../persistence/storage.ts'
import { coreDefaults, newUuid } from '../defaults.ts'
import { facePlatform } from '../face-platform.ts'
import { checkFlags, checkLearningStoreOptions, checkTravels, isPlace, type LearningStoreOptions } from '../options.ts'
import { nodeEngine } from './engine.ts'
import { defaultNodePlace, nodePlace } from './storage.ts'
import { nodeLink } from './worker-link.ts'

/**
 * Without a place: the file named by the environment variable AQE_DB_PATH, or `.agentic-qe/memory.db`. Places by name:
 * `file:PATH`, `memory:` (not beyond the process).
 */
export interface NodeStoreOptions<P extends string | Place = string | Place> extends LearningStoreOptions<P> {
  /** Run the store in a worker thread, so that this thread never waits for SQLite. */
  readonly worker?: boolean
}

/**
 * Opens a store, made where there is none. Rejects with INVALID_ARGUMENT; LOCKED after `waitMs` (2,000 unless given);
 * FOREIGN_FILE; EDITED_FILE; NEWER_SCHEMA; DAMAGED_SNAPSHOT; DAMAGED_LOG; PLACE_LOST; STORAGE_FULL; STORAGE_FAILED;
 * WORKER_LOST.
 */
export async function openLearningStore<P extends string | Place>(
  options: NodeStoreOptions<P> = {},
): Promise<AsyncStore> {
  const { worker, ...given } = checkLearningStoreOptions<NodeStoreOptions>(options, ['worker'])
  checkFlags({ worker })
  const named = { ...given, place: given.place === undefined ? defaultNodePlace() : given.place }
  if (worker) return openRemote(named)
  const { place, now, newId, seed, ...rest } = named
  const core = coreDefaults({ now, newId, seed })
  const opened = await openStore({ ...rest, ...core, engine: await nodeEngine(), place: resolved(place) })
  return storeFace(localChannel(opened), facePlatform)
}

async function openRemote(options: LearningStoreOptions): Promise<AsyncStore> {
  const { durability = 'relaxed', seed, waitMs, keeping, newId = newUuid } = options
  const place = checkTravels(options)
  const channel = new RemoteChannel({
    connect: nodeLink,
    open: () => ({ place, durability, seed, waitMs, keeping }),
    newId,
    onEvent: () => {},
    platform: facePlatform,
  })
  await channel.open()
  return storeFace(channel, facePlatform)
}

function resolved(place: LearningStoreOptions['place']): ReturnType<typeof nodePlace> {
  if (typeof place === 'string') return nodePlace(place)
  if (place && isPlace(place)) return place
  throw invalid('the place', 'file:PATH, memory: or a Place', place)
}
