import { StoreError } from '../../errors.ts'
import { type IndexedDbPlaceOptions, indexedDbPlace } from '../../persistence/indexeddb/index.ts'
import { memoryPlace } from '../../persistence/memory/memory-storage.ts'
import type { Place } from '../../persistence/storage.ts'
import { indexedDbName } from './storage-names.ts'

/** @throws INVALID_ARGUMENT */
export function browserPlace(place: string, options: IndexedDbPlaceOptions = {}): Place {
  const name = indexedDbName(place)
  if (name !== undefined) return indexedDbPlace(name, options)
  if (place === 'memory:') return memoryPlace()
  throw new StoreError(
    'INVALID_ARGUMENT',
    `Expected the place to be indexeddb:NAME, memory: or a Place, got "${place}"`,
  )
}
