import { checkCount, checkNumber, checkOptions, invalid } from '../learning/checks.ts'
import type { CoreOptions } from '../learning/core.ts'
import type { OpenStoreOptions } from '../open.ts'
import type { Place } from '../persistence/place.ts'

export interface LearningStoreOptions
  extends Partial<CoreOptions>,
    Pick<OpenStoreOptions, 'durability' | 'waitMs' | 'keeping'> {
  /**
   * Where the store is kept: `file:PATH`, `memory:` (not beyond the process), or a place of your own. Unless given, the
   * file named by the environment variable AQE_DB_PATH, or `.agentic-qe/memory.db`.
   */
  readonly place?: string | Place
}

const OPTIONS = ['place', 'durability', 'seed', 'waitMs', 'now', 'newId', 'keeping'] as const

/** @throws INVALID_ARGUMENT */
export function checkLearningStoreOptions(options: LearningStoreOptions): LearningStoreOptions {
  const { durability, seed, waitMs, keeping = {}, now, newId } = checkOptions(options, 'the options', OPTIONS)
  if (durability !== undefined && durability !== 'relaxed' && durability !== 'strict') {
    throw invalid('durability', '"relaxed" or "strict"', durability)
  }
  if (seed !== undefined && checkCount(seed, 'seed', 0) > 0xffff_ffff) throw invalid('seed', 'below 2^32', seed)
  // Timers take no more than 31 bits.
  if (waitMs !== undefined) checkCount(checkNumber(waitMs, 'waitMs', 0, 2 ** 31 - 1), 'waitMs', 0)
  const sizes = checkOptions(keeping, 'keeping', ['logBytes', 'idleMs', 'backlogBytes'])
  for (const [name, value] of Object.entries(sizes)) checkCount(value, name, 1)
  for (const [name, value] of Object.entries({ now, newId })) {
    if (value !== undefined && typeof value !== 'function') throw invalid(name, 'a function', value)
  }
  return options
}
