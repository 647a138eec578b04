import { fileURLToPath } from 'node:url'
import { StoreError } from '../errors.ts'
import type { AsyncStore } from '../face/async-store.ts'
import { localStore } from '../face/local.ts'
import { invalid } from '../learning/checks.ts'
import { openStore } from '../open.ts'
import { filePlace } from '../persistence/file.ts'
import { memoryPlace } from '../persistence/memory.ts'
import type { Place } from '../persistence/place.ts'
import { loadEngine } from '../sql/engine.ts'
import { coreDefaults } from './defaults.ts'
import { checkLearningStoreOptions, type LearningStoreOptions } from './options.ts'

/**
 * Opens a store, made where there is none. Rejects with INVALID_ARGUMENT; LOCKED after `waitMs` (2,000 unless given);
 * FOREIGN_FILE; EDITED_FILE; NEWER_SCHEMA; DAMAGED_SNAPSHOT; DAMAGED_LOG; PLACE_LOST; STORAGE_FULL; STORAGE_FAILED.
 */
export async function openLearningStore(options: LearningStoreOptions = {}): Promise<AsyncStore> {
  const { place, now, newId, seed, ...rest } = checkLearningStoreOptions(options)
  const resolved = resolvePlace(place ?? `file:${process.env.AQE_DB_PATH ?? '.agentic-qe/memory.db'}`)
  const core = coreDefaults({ now, newId, seed })
  return localStore(await openStore({ ...rest, ...core, engine: await loadEngine(), place: resolved }))
}

function resolvePlace(place: string | Place): Place {
  if (typeof place === 'object' && typeof place?.open === 'function') return place
  if (typeof place !== 'string') throw invalid('the place', 'file:PATH, memory: or a Place', place)
  if (place === 'memory:') return memoryPlace()
  if (/^file:\/\/(localhost)?\//.test(place)) return filePlace(fileURLToPath(place))
  if (/^file:(?!\/\/)./.test(place)) return filePlace(place.slice(5))
  throw new StoreError('INVALID_ARGUMENT', `Expected the place to be file:PATH, memory: or a Place, got "${place}"`)
}
