import { ACCESS_LEVELS, type AccessLevel } from '../../algorithms/access.ts'
import { matchesPattern } from '../../algorithms/search/wildcards.ts'
import { checkCount, checkName, checkOneOf, checkOptions } from '../../checks.ts'
import type { MemoryTable } from '../../tables/memory.ts'
import type { PageOptions } from '../records/records.ts'

/** Options of `list` and `search` of the shared memory; all given filters must match. */
export interface ListMemoryOptions extends PageOptions {
  /** Only entries of this partition. Default: all partitions. */
  readonly partition?: string
  /** Only entries that this agent owns. */
  readonly owner?: string
  /** Only entries with this access level. */
  readonly accessLevel?: AccessLevel
  /** Only entries of this team. */
  readonly teamId?: string
  /** Only entries of this swarm. */
  readonly swarmId?: string
}

/** Checked options. */
export interface MemoryListing {
  readonly criteria: Parameters<MemoryTable['guards']>[0]
  readonly matches: (key: string) => boolean
  /** The bounds of the page, as for `slice`. */
  readonly page: readonly [from: number, to: number]
}

const FIELDS = ['partition', 'owner', 'accessLevel', 'teamId', 'swarmId', 'limit', 'offset'] as const

/** @param pattern of the keys. @throws INVALID_ARGUMENT */
export function checkListing(options: ListMemoryOptions, pattern: string = '*'): MemoryListing {
  const { accessLevel, limit = 100, offset = 0, ...by } = checkOptions(options, 'the options', FIELDS)
  const named = (name: keyof typeof by): string | null => (by[name] === undefined ? null : checkName(by[name], name))
  const from = checkCount(offset, 'offset', 0)
  return {
    criteria: {
      partition: named('partition'),
      owner: named('owner'),
      teamId: named('teamId'),
      swarmId: named('swarmId'),
      accessLevel: accessLevel === undefined ? null : checkOneOf(accessLevel, 'accessLevel', ACCESS_LEVELS),
    },
    matches: (key) => matchesPattern(key, pattern),
    page: [from, from + checkCount(limit, 'limit', 0)],
  }
}
