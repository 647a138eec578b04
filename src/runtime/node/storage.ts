import { fileURLToPath } from 'node:url'
import { StoreError } from '../../errors.ts'
import { filePlace } from '../../persistence/file/file-storage.ts'
import { memoryPlace } from '../../persistence/memory/memory-storage.ts'
import type { Place } from '../../persistence/storage.ts'

/** The place that is opened where none is named: the file in the environment variable AQE_DB_PATH where it is not empty, or `.agentic-qe/memory.db`. */
export function defaultNodePlace(): string {
  return `file:${process.env.AQE_DB_PATH || '.agentic-qe/memory.db'}`
}

/** @throws INVALID_ARGUMENT */
export function nodePlace(place: string): Place {
  if (place === 'memory:') return memoryPlace()
  if (/^file:\/\/(localhost)?\//.test(place)) return filePlace(fileURLToPath(place))
  if (/^file:(?!\/\/)./.test(place)) return filePlace(place.slice(5))
  throw new StoreError('INVALID_ARGUMENT', `Expected the place to be file:PATH, memory: or a Place, got "${place}"`)
}
