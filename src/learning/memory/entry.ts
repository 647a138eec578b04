import {
  ACCESS_LEVELS,
  type AccessLevel,
  type Caller,
  type Guard,
  PERMISSIONS,
  type Permission,
} from '../../algorithms/access.ts'
import {
  checkBoolean,
  checkId,
  checkList,
  checkName,
  checkOneOf,
  checkOptions,
  checkTime,
  invalid,
} from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import type { EntryRow, GuardRow } from '../../tables/memory.ts'
import { isoTime } from '../../times.ts'
import { checkLifetime, DEFAULT_LIFETIMES, expiryOf } from '../records/lifetimes.ts'
import { checkPlain } from '../records/record-checks.ts'
import { checkVector, otherDimension, type Vector } from '../vectors.ts'

/** The address of an entry: its partition and key. */
export interface MemoryAddress {
  /** The key, unique in its partition. */
  readonly key: string
  /** The partition. Default: `default`. */
  readonly partition?: string
}

/** An entry to set. */
export interface NewMemoryEntry extends MemoryAddress {
  /** The value. */
  readonly value: JsonValue
  /** Metadata of the value. Default: null. */
  readonly metadata?: JsonValue
  /** Who may use the entry. Default: `private` for a new entry, unchanged for an existing one. */
  readonly accessLevel?: AccessLevel
  /** The team of the access level `team`. Default: the caller's team. */
  readonly teamId?: string
  /** The swarm of the access level `swarm`. Default: the caller's swarm. */
  readonly swarmId?: string
  /**
   * A lifetime in ms; 0 is for ever. Default: that of the partition: 1,800,000 for `shared`, 0 for most; an entry of another owner keeps a
   * longer one.
   */
  readonly ttlMs?: number
  /** When the entry expires, instead of `ttlMs`: ISO 8601 in UTC, `2026-01-31T12:00:00.000Z`. */
  readonly expiresAt?: string
  /** Vectors that `search` compares, stored with the value. Default: none, also for an existing entry. */
  readonly embedding?: MemoryEmbedding
}

/** Vectors of an entry, computed by the caller. */
export interface MemoryEmbedding {
  /** The name of the model that computed them. Its vectors have the same dimension in all entries. */
  readonly embedder: string
  /** The vector, or a list of vectors of parts of the value, the nearest of which counts. */
  readonly vector: Vector | readonly Vector[]
}

/** The address of an entry, and a new lifetime for it. */
export interface MemoryLifetime extends MemoryAddress {
  /** The lifetime from now on, in ms; 0 is for ever. */
  readonly ttlMs: number
}

/** An entry of the shared memory. */
export interface MemoryEntry extends Omit<EntryRow, 'value' | 'metadata' | 'accessLevel'> {
  /** The value. */
  readonly value: JsonValue
  /** Metadata of the value, or null. */
  readonly metadata: JsonValue
  /** Who may use the entry. */
  readonly accessLevel: AccessLevel
}

/** A checked entry. */
export interface CheckedEntry extends Required<MemoryAddress> {
  /** JSON. */
  readonly value: string
  /** JSON. */
  readonly metadata: string | null
  readonly accessLevel: AccessLevel | undefined
  readonly teamId: string | undefined
  readonly swarmId: string | undefined
  readonly embedder: string | null
  /** All of one dimension. */
  readonly vectors: readonly Float32Array[]
  /** @param now ms since the epoch. */
  readonly expiresAt: (now: number) => string | null
  /** Whether the lifetime is the default one of the partition. */
  readonly hasUsualLifetime: boolean
}

const CALLER_FIELDS = ['agentId', 'teamId', 'swarmId', 'isSystem'] as const

const ENTRY_FIELDS = [
  'key',
  'partition',
  'value',
  'metadata',
  'accessLevel',
  'teamId',
  'swarmId',
  'ttlMs',
  'expiresAt',
  'embedding',
] as const

/** @throws INVALID_ARGUMENT */
export function checkCaller(caller: Caller): Caller {
  const { agentId, teamId, swarmId, isSystem } = checkOptions(caller, 'the caller', CALLER_FIELDS)
  checkName(agentId, 'agentId')
  if (teamId !== undefined) checkName(teamId, 'teamId')
  if (swarmId !== undefined) checkName(swarmId, 'swarmId')
  if (isSystem !== undefined) checkBoolean(isSystem, 'isSystem')
  return caller
}

/** @param more the other allowed fields. @throws INVALID_ARGUMENT */
export function checkAddress<T extends MemoryAddress>(
  address: T,
  more: readonly (Exclude<keyof T, keyof MemoryAddress> & string)[] = [],
): Required<MemoryAddress> {
  const { key, partition = 'default' } = checkOptions(address, 'the address', ['key', 'partition', ...more])
  return { key: checkId(key, 'key'), partition: checkId(partition, 'partition') }
}

/** @throws INVALID_ARGUMENT */
export function checkEntry(entry: NewMemoryEntry): CheckedEntry {
  const checked = checkOptions(entry, 'an entry', ENTRY_FIELDS)
  const { value, metadata, accessLevel, teamId, swarmId, ttlMs, expiresAt, embedding } = checked
  const { key, partition = 'default' } = entry
  if (ttlMs !== undefined && expiresAt !== undefined) throw invalid('ttlMs', 'left out beside expiresAt', ttlMs)
  if (expiresAt !== undefined) checkTime(expiresAt, 'expiresAt')
  const name = checkId(partition, 'partition')
  const lifetimes: { readonly [partition: string]: number } = DEFAULT_LIFETIMES
  const usual = Object.hasOwn(lifetimes, name) ? (lifetimes[name] ?? 0) : 0
  const lifetime = ttlMs === undefined ? usual : checkLifetime(ttlMs, 'ttlMs')
  return {
    key: checkId(key, 'key'),
    partition: name,
    value: JSON.stringify(checkPlain(value, 'value')),
    metadata: metadata === undefined || metadata === null ? null : JSON.stringify(checkPlain(metadata, 'metadata')),
    accessLevel: accessLevel === undefined ? undefined : checkOneOf(accessLevel, 'accessLevel', ACCESS_LEVELS),
    teamId: teamId === undefined ? undefined : checkName(teamId, 'teamId'),
    swarmId: swarmId === undefined ? undefined : checkName(swarmId, 'swarmId'),
    ...checkEmbedding(embedding),
    expiresAt: (now) => expiresAt ?? expiryOf(lifetime, isoTime(now)),
    hasUsualLifetime: ttlMs === undefined && expiresAt === undefined,
  }
}

function checkEmbedding(embedding: MemoryEmbedding | undefined): Pick<CheckedEntry, 'embedder' | 'vectors'> {
  if (embedding === undefined) return { embedder: null, vectors: [] }
  const { embedder, vector } = checkOptions(embedding, 'the embedding', ['embedder', 'vector'])
  const name = checkName(embedder, 'embedder')
  const vectors = isList(vector) ? vector.map(checkVector) : [checkVector(vector)]
  const [first] = vectors
  for (const one of vectors) if (first && one.length !== first.length) throw otherDimension(name, first.length, one)
  return { embedder: name, vectors }
}

function isList(vector: MemoryEmbedding['vector']): vector is readonly Vector[] {
  return Array.isArray(vector) && vector.length > 0 && typeof vector[0] === 'object'
}

/** @returns at least one permission, each once. @throws INVALID_ARGUMENT */
export function checkPermissions(value: unknown): Permission[] {
  const given = checkList(value, 'permissions')
  for (const one of given) {
    if (!PERMISSIONS.some((permission) => permission === one)) {
      throw invalid('permissions', `some of ${PERMISSIONS.join(', ')}`, one)
    }
  }
  if (given.length === 0) throw invalid('permissions', 'at least one of them', given)
  return PERMISSIONS.filter((permission) => given.includes(permission))
}

export function toGuard(row: GuardRow): Guard {
  return {
    owner: row.owner,
    accessLevel: row.accessLevel as AccessLevel,
    teamId: row.teamId,
    swarmId: row.swarmId,
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
