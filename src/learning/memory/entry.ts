import {
  ACCESS_LEVELS,
  type AccessLevel,
  type Caller,
  type Guard,
  PERMISSIONS,
  type Permission,
} from '../../algorithms/access.ts'
import { checkBoolean, checkCount, checkList, checkName, checkOptions, invalid } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import type { EntryRow, GuardRow } from '../../tables/memory.ts'
import { checkLifetime, DEFAULT_LIFETIMES, expiryOf } from '../records/lifetimes.ts'
import { checkPlain } from '../records/record-checks.ts'

/** Where an entry is. */
export interface MemoryAddress {
  readonly key: string
  /** `default` unless given. */
  readonly partition?: string
}

/** An entry to keep. */
export interface NewMemoryEntry extends MemoryAddress {
  readonly value: JsonValue
  readonly metadata?: JsonValue
  /** `private` unless given; where there is an entry, its own. */
  readonly accessLevel?: AccessLevel
  /** Where the level is `team`; the caller's unless given. */
  readonly teamId?: string
  /** Where the level is `swarm`; the caller's unless given. */
  readonly swarmId?: string
  /** In seconds; 0 stands for ever. The default of the partition's name unless given: 1800 for `shared`, for ever in most. */
  readonly ttl?: number
  /** In ms since the epoch, instead of `ttl`. */
  readonly expiresAt?: number
}

/** An entry of the shared memory. */
export interface MemoryEntry extends Omit<EntryRow, 'value' | 'metadata' | 'accessLevel'> {
  readonly value: JsonValue
  readonly metadata: JsonValue
  readonly accessLevel: AccessLevel
}

/** An entry that was found good. */
export interface CheckedEntry extends Required<MemoryAddress> {
  /** JSON. */
  readonly value: string
  /** JSON. */
  readonly metadata: string | null
  readonly accessLevel: AccessLevel | undefined
  readonly teamId: string | undefined
  readonly swarmId: string | undefined
  /** @param now in ms since the epoch. */
  readonly expiresAt: (now: number) => number | null
}

const ENTRY_FIELDS = [
  ...(['key', 'partition', 'value', 'metadata', 'accessLevel', 'teamId', 'swarmId', 'ttl', 'expiresAt'] as const),
]

/** @throws INVALID_ARGUMENT */
export function checkCaller(caller: Caller): Caller {
  const { agentId, teamId, swarmId, isSystem } = checkOptions(caller, 'who asks', [
    ...(['agentId', 'teamId', 'swarmId', 'isSystem'] as const),
  ])
  checkName(agentId, 'agentId')
  if (teamId !== undefined) checkName(teamId, 'teamId')
  if (swarmId !== undefined) checkName(swarmId, 'swarmId')
  if (isSystem !== undefined) checkBoolean(isSystem, 'isSystem')
  return caller
}

/** @param more what else may be told. @throws INVALID_ARGUMENT */
export function checkAddress<T extends MemoryAddress>(
  address: T,
  more: readonly (Exclude<keyof T, keyof MemoryAddress> & string)[] = [],
): Required<MemoryAddress> {
  const { key, partition = 'default' } = checkOptions(address, 'what is asked for', ['key', 'partition', ...more])
  return { key: checkName(key, 'key'), partition: checkName(partition, 'partition') }
}

/** @throws INVALID_ARGUMENT */
export function checkEntry(entry: NewMemoryEntry): CheckedEntry {
  const { value, metadata, accessLevel, teamId, swarmId, ttl, expiresAt } = checkOptions(
    entry,
    'an entry',
    ENTRY_FIELDS,
  )
  const { key, partition = 'default' } = entry
  if (ttl !== undefined && expiresAt !== undefined) throw invalid('ttl', 'left out beside expiresAt', ttl)
  if (expiresAt !== undefined) checkCount(expiresAt, 'expiresAt', 0)
  const name = checkName(partition, 'partition')
  const lifetimes: { readonly [partition: string]: number } = DEFAULT_LIFETIMES
  const usual = Object.hasOwn(lifetimes, name) ? (lifetimes[name] ?? 0) : 0
  const lifetime = ttl === undefined ? usual : checkLifetime(ttl, 'ttl')
  return {
    ...{ key: checkName(key, 'key'), partition: name },
    value: JSON.stringify(checkPlain(value, 'value')),
    metadata: metadata === undefined || metadata === null ? null : JSON.stringify(checkPlain(metadata, 'metadata')),
    accessLevel: accessLevel === undefined ? undefined : checkLevel(accessLevel),
    teamId: teamId === undefined ? undefined : checkName(teamId, 'teamId'),
    swarmId: swarmId === undefined ? undefined : checkName(swarmId, 'swarmId'),
    expiresAt: (now) => expiresAt ?? expiryOf(lifetime, now),
  }
}

export function checkLevel(value: unknown): AccessLevel {
  const level = ACCESS_LEVELS.find((one) => one === value)
  if (!level) throw invalid('accessLevel', `one of ${ACCESS_LEVELS.join(', ')}`, value)
  return level
}

/** Some permissions, each once. @throws INVALID_ARGUMENT */
export function checkPermissions(value: unknown): Permission[] {
  const asked = checkList(value, 'permissions')
  for (const one of asked) {
    if (!PERMISSIONS.some((permission) => permission === one)) {
      throw invalid('permissions', `some of ${PERMISSIONS.join(', ')}`, one)
    }
  }
  if (asked.length === 0) throw invalid('permissions', 'at least one of them', asked)
  return PERMISSIONS.filter((permission) => asked.includes(permission))
}

export function toGuard(row: GuardRow): Guard {
  return {
    ...{ owner: row.owner, accessLevel: row.accessLevel as AccessLevel, teamId: row.teamId, swarmId: row.swarmId },
    granted: row.granted === null ? {} : (JSON.parse(row.granted) as Guard['granted']),
    blocked: row.blocked === null ? [] : (JSON.parse(row.blocked) as Guard['blocked']),
  }
}

export function toMemoryEntry({ value, metadata, accessLevel, ...row }: EntryRow): MemoryEntry {
  return {
    ...row,
    value: JSON.parse(value) as JsonValue,
    metadata: metadata === null ? null : (JSON.parse(metadata) as JsonValue),
    accessLevel: accessLevel as AccessLevel,
  }
}
