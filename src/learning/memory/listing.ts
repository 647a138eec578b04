import type { AccessLevel } from '../../algorithms/access.ts'
import { matchesPattern } from '../../algorithms/search/wildcards.ts'
import { checkCount, checkName, checkOptions } from '../../checks.ts'
import type { MemoryTable } from '../../tables/memory.ts'
import type { PageOptions } from '../records/records.ts'
import { checkLevel } from './entry.ts'

/** Which entries to list. */
export interface ListMemoryOptions extends PageOptions {
  readonly partition?: string
  readonly owner?: string
  readonly accessLevel?: AccessLevel
  readonly teamId?: string
  readonly swarmId?: string
}

/** Options that were found good. */
export interface MemoryListing {
  readonly criteria: Parameters<MemoryTable['guards']>[0]
  readonly matches: (key: string) => boolean
  /** The places of the page among all that is found. */
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
      ...{ partition: named('partition'), owner: named('owner'), teamId: named('teamId'), swarmId: named('swarmId') },
      accessLevel: accessLevel === undefined ? null : checkLevel(accessLevel),
    },
    matches: (key) => matchesPattern(key, pattern),
    page: [from, from + checkCount(limit, 'limit', 0)],
  }
}
