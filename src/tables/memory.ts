import type { Connection, SqlValue } from '../sql/connection.ts'
import { msOfTime } from '../times.ts'
import { fromMilliseconds } from './sql-time.ts'
import { bytesOfVectors } from './vector-bytes.ts'

/** A row of `memory_entries`. */
export interface EntryRow {
  readonly key: string
  readonly partition: string
  /** JSON. */
  readonly value: string
  /** JSON. */
  readonly metadata: string | null
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  /** ISO 8601 in UTC; null means never. */
  readonly expiresAt: string | null
  readonly owner: string | null
  readonly accessLevel: string
  readonly teamId: string | null
  readonly swarmId: string | null
  /** The model that computed the vectors of the entry; null if it has none. */
  readonly embedder: string | null
  /** The dimension of the vectors. */
  readonly dimension: number | null
}

/** Owner and access rules of an entry; grants and blocks are JSON, null if there are none. */
export interface GuardRow extends Pick<EntryRow, 'key' | 'partition' | 'owner' | 'accessLevel' | 'teamId' | 'swarmId'> {
  readonly granted: string | null
  readonly blocked: string | null
}

type EntryColumns = [
  string,
  string,
  string,
  string | null,
  number,
  number | null,
  string | null,
  string | null,
  string | null,
  string | null,
  string | null,
  number | null,
]
type GuardColumns = [
  string,
  string,
  string | null,
  string | null,
  string | null,
  string | null,
  string | null,
  string | null,
]

/** The unique id of an entry in `memory_acl`: `partition:key`, with `\` and `:` in the partition escaped by `\`. */
export const RESOURCE_ID = `replace(replace(partition, '\\', '\\\\'), ':', '\\:') || ':' || key`

const ALIVE = '(expires_at IS NULL OR expires_at > ?)'

const ENTRY = `SELECT key, partition, value, metadata, created_at, expires_at, owner, access_level, team_id, swarm_id,
    embedder, dimension
  FROM memory_entries WHERE ${ALIVE} AND key = ? AND partition = ?`

const GUARDS = `SELECT entry.key, entry.partition, entry.owner, entry.access_level, entry.team_id, entry.swarm_id,
    acl.granted_permissions, acl.blocked_agents
  FROM memory_entries AS entry LEFT JOIN memory_acl AS acl ON acl.resource_id = ${RESOURCE_ID}
  WHERE ${ALIVE}`

const GUARD = `${GUARDS} AND key = ? AND partition = ?`

const ALL_GUARDS = `${GUARDS} AND (?2 IS NULL OR partition = ?2) AND (?3 IS NULL OR entry.owner = ?3)
    AND (?4 IS NULL OR entry.access_level = ?4) AND (?5 IS NULL OR entry.team_id = ?5)
    AND (?6 IS NULL OR entry.swarm_id = ?6)
  ORDER BY partition, key`

const PUT = `INSERT INTO memory_entries
    (key, partition, value, metadata, created_at, expires_at, owner, access_level, team_id, swarm_id, embedder, dimension,
      vectors)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (key, partition) DO UPDATE SET value = excluded.value, metadata = excluded.metadata,
    created_at = excluded.created_at, expires_at = excluded.expires_at, owner = excluded.owner,
    access_level = excluded.access_level, team_id = excluded.team_id, swarm_id = excluded.swarm_id,
    embedder = excluded.embedder, dimension = excluded.dimension, vectors = excluded.vectors`

const DIMENSION = `SELECT dimension FROM memory_entries
  WHERE embedder = ? AND ${ALIVE} AND NOT (key = ? AND partition = ?) LIMIT 1`

const PUT_ACL = `INSERT INTO memory_acl (resource_id, owner, access_level, team_id, swarm_id, granted_permissions,
    blocked_agents, created_at, updated_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (resource_id) DO UPDATE SET owner = excluded.owner, access_level = excluded.access_level,
    team_id = excluded.team_id, swarm_id = excluded.swarm_id, granted_permissions = excluded.granted_permissions,
    blocked_agents = excluded.blocked_agents, updated_at = excluded.updated_at`

const REMOVE_EXPIRED_ACL = `DELETE FROM memory_acl
  WHERE resource_id IN (SELECT ${RESOURCE_ID} FROM memory_entries WHERE expires_at <= ?)`

/** Shared memory of agents. Expired entries are invisible. */
export class MemoryTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** @param now in ms since the epoch, as in all methods. */
  get(key: string, partition: string, now: number): EntryRow | undefined {
    const columns = this.#connection.get<EntryColumns>(ENTRY, [now, key, partition])
    return columns && toEntry(columns)
  }

  guard(key: string, partition: string, now: number): GuardRow | undefined {
    const columns = this.#connection.get<GuardColumns>(GUARD, [now, key, partition])
    return columns && toGuard(columns)
  }

  /** Sorted by partition and key. Null matches all. */
  guards(
    by: Record<'partition' | 'owner' | 'accessLevel' | 'teamId' | 'swarmId', string | null>,
    now: number,
  ): GuardRow[] {
    const values = [now, by.partition, by.owner, by.accessLevel, by.teamId, by.swarmId]
    return this.#connection.all<GuardColumns>(ALL_GUARDS, values).map(toGuard)
  }

  /** The dimension of an embedder's vectors; undefined if no entry but this one has any. */
  dimensionOf(
    embedder: string,
    { key, partition }: Pick<EntryRow, 'key' | 'partition'>,
    now: number,
  ): number | undefined {
    return this.#connection.get<[number]>(DIMENSION, [embedder, now, key, partition])?.[0]
  }

  /** Inserts or replaces an entry. */
  put(row: EntryRow, vectors: readonly Float32Array[]): void {
    const values: SqlValue[] = [
      row.key,
      row.partition,
      row.value,
      row.metadata,
      msOfTime(row.createdAt),
      row.expiresAt === null ? null : msOfTime(row.expiresAt),
    ]
    const bytes = vectors.length === 0 ? null : bytesOfVectors(vectors)
    values.push(row.owner, row.accessLevel, row.teamId, row.swarmId, row.embedder, row.dimension, bytes)
    this.#connection.run(PUT, values)
  }

  /** Stores grants and blocks, with a copy of the owner and the level of the entry. */
  putAcl({ key, partition, owner, granted, blocked, ...row }: GuardRow, now: number): void {
    this.#connection.run(PUT_ACL, [
      resourceId(key, partition),
      owner ?? '',
      row.accessLevel,
      row.teamId,
      row.swarmId,
      granted,
      blocked,
      now,
      now,
    ])
  }

  /** @param expiresAt ISO 8601 in UTC; null means never. */
  setExpiry(key: string, partition: string, expiresAt: string | null): void {
    const sql = 'UPDATE memory_entries SET expires_at = ? WHERE key = ? AND partition = ?'
    this.#connection.run(sql, [expiresAt === null ? null : msOfTime(expiresAt), key, partition])
  }

  /** Deletes an entry with its grants and blocks. */
  remove(key: string, partition: string): void {
    this.removeAcl(key, partition)
    this.#connection.run('DELETE FROM memory_entries WHERE key = ? AND partition = ?', [key, partition])
  }

  removeAcl(key: string, partition: string): void {
    this.#connection.run('DELETE FROM memory_acl WHERE resource_id = ?', [resourceId(key, partition)])
  }

  /** Deletes expired entries. @returns their number. */
  removeExpired(now: number): number {
    this.#connection.run(REMOVE_EXPIRED_ACL, [now])
    return this.#connection.run('DELETE FROM memory_entries WHERE expires_at <= ?', [now])
  }
}

function resourceId(key: string, partition: string): string {
  return `${partition.replace(/[\\:]/g, '\\$&')}:${key}`
}

function toEntry(columns: EntryColumns): EntryRow {
  const [key, partition, value, metadata, createdAt, expiresAt, owner, accessLevel, teamId, swarmId, ...vectors] =
    columns
  const [embedder, dimension] = vectors
  return {
    key,
    partition,
    value,
    metadata,
    createdAt: fromMilliseconds(createdAt),
    expiresAt: expiresAt === null ? null : fromMilliseconds(expiresAt),
    ...ownership(owner, accessLevel, teamId, swarmId),
    embedder,
    dimension,
  }
}

function toGuard(columns: GuardColumns): GuardRow {
  const [key, partition, owner, accessLevel, teamId, swarmId, granted, blocked] = columns
  return { key, partition, ...ownership(owner, accessLevel, teamId, swarmId), granted, blocked }
}

function ownership(
  owner: string | null,
  accessLevel: string | null,
  teamId: string | null,
  swarmId: string | null,
): Pick<EntryRow, 'owner' | 'accessLevel' | 'teamId' | 'swarmId'> {
  return { owner, accessLevel: accessLevel ?? 'private', teamId, swarmId }
}
