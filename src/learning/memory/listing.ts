import type { AccessLevel } from '../../algorithms/access.ts'
import { matchesPattern } from '../../algorithms/search/wildcards.ts'
import { checkCount, checkName, checkOptions } from '../../checks.ts'
import type { MemoryTable } from '../../tables/memory.ts'
import type { Page } from '../records/records.ts'
import { checkLevel } from './entry.ts'

/** Which entries to list. */
export interface ListMemory extends Page {
  /** Of the keys; `*` stands for any run of characters. */
  readonly pattern?: string
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

const FIELDS = ['pattern', 'partition', 'owner', 'accessLevel', 'teamId', 'swarmId', 'limit', 'offset'] as const

/** @throws INVALID_ARGUMENT */
export function checkListing(options: ListMemory): MemoryListing {
  const { pattern, accessLevel, limit = 100, offset = 0, ...by } = checkOptions(options, 'the options', FIELDS)
  const named = (name: keyof typeof by): string | null => (by[name] === undefined ? null : checkName(by[name], name))
  const form = pattern === undefined ? '*' : checkName(pattern, 'pattern')
  const from = checkCount(offset, 'offset', 0)
  return {
    criteria: {
      ...{ partition: named('partition'), owner: named('owner'), teamId: named('teamId'), swarmId: named('swarmId') },
      accessLevel: accessLevel === undefined ? null : checkLevel(accessLevel),
    },
    matches: (key) => matchesPattern(key, form),
    page: [from, from + checkCount(limit, 'limit', 0)],
  }
}
