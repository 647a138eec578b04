import { ACCESS_LEVELS, type AccessLevel } from '../../algorithms/access.ts'
import { checkJsonFilter, type JsonFilter, matchesJson } from '../../algorithms/json-filter.ts'
import { matchesPattern } from '../../algorithms/search/wildcards.ts'
import { checkCount, checkName, checkOneOf, checkOptions } from '../../checks.ts'
import type { MemoryTable } from '../../tables/memory.ts'
import type { PageOptions } from '../records/records.ts'
import type { MemoryEntry } from './entry.ts'

/** Which entries of the shared memory are meant; all given filters must match. */
export interface MemoryFilterOptions {
  /** Only entries of this partition. Default: all partitions. */
  readonly partition?: string
  /** Only entries whose whole key matches this pattern; `*` matches any sequence of characters. */
  readonly keys?: string
  /** Only entries that this agent owns. */
  readonly owner?: string
  /** Only entries with this access level. */
  readonly accessLevel?: AccessLevel
  /** Only entries of this team. */
  readonly teamId?: string
  /** Only entries of this swarm. */
  readonly swarmId?: string
  /** Only entries whose value satisfies these conditions, by path: `{ kind: 'fact', 'source.year': { $gte: 2025 } }`. */
  readonly filter?: JsonFilter
  /** Only entries whose metadata satisfies these conditions. */
  readonly metadata?: JsonFilter
}

/** Options of `list` of the shared memory; all given filters must match. */
export interface ListMemoryOptions extends MemoryFilterOptions, PageOptions {}

/** Checked filters. */
export interface MemorySelection {
  readonly criteria: Parameters<MemoryTable['guards']>[0]
  readonly matchesKey: (key: string) => boolean
  /** Undefined if all contents match, so that they need not be read. */
  readonly matchesContent: ((entry: Pick<MemoryEntry, 'value' | 'metadata'>) => boolean) | undefined
}

export const FILTER_FIELDS = [
  'partition',
  'keys',
  'owner',
  'accessLevel',
  'teamId',
  'swarmId',
  'filter',
  'metadata',
] as const

/** The filters of `list`, and the bounds of its page. @throws INVALID_ARGUMENT */
export function checkListing(options: ListMemoryOptions): MemorySelection & { readonly from: number; to: number } {
  const {
    limit = 100,
    offset = 0,
    ...filters
  } = checkOptions(options, 'the options', [...FILTER_FIELDS, 'limit', 'offset'])
  const from = checkCount(offset, 'offset', 0)
  return { ...checkSelection(filters), from, to: from + checkCount(limit, 'limit', 0) }
}

/** @throws INVALID_ARGUMENT */
export function checkSelection(options: MemoryFilterOptions): MemorySelection {
  const { accessLevel, keys, filter, metadata, ...by } = options
  const named = (name: keyof typeof by): string | null => (by[name] === undefined ? null : checkName(by[name], name))
  const pattern = keys === undefined ? '*' : checkName(keys, 'keys')
  if (filter !== undefined) checkJsonFilter(filter, 'filter')
  if (metadata !== undefined) checkJsonFilter(metadata, 'metadata')
  return {
    criteria: {
      partition: named('partition'),
      owner: named('owner'),
      teamId: named('teamId'),
      swarmId: named('swarmId'),
      accessLevel: accessLevel === undefined ? null : checkOneOf(accessLevel, 'accessLevel', ACCESS_LEVELS),
    },
    matchesKey: (key) => matchesPattern(key, pattern),
    matchesContent:
      filter === undefined && metadata === undefined
        ? undefined
        : (entry) => matchesJson(entry.value, filter ?? {}) && matchesJson(entry.metadata, metadata ?? {}),
  }
}
