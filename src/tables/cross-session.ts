import type { Connection } from '../sql/connection.ts'
import { fromSqlTime, sqlTime, toSqlTime } from './sql-time.ts'

/** A row of `memory_store`. */
export interface MemoryStoreRow {
  readonly key: string
  readonly namespace: string
  /** JSON. */
  readonly value: string
  /** Lifetime in ms; 0 means forever. */
  readonly ttlMs: number
  /** JSON. */
  readonly metadata: string | null
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  /** ISO 8601 in UTC; null means never. */
  readonly expiresAt: string | null
}

type Columns = [string, string, string, number | null, string | null, string, string | null]

const SELECT = `SELECT key, namespace, value, ttl, metadata, created_at, expires_at FROM memory_store
  WHERE (expires_at IS NULL OR expires_at > ?)`

const BY_KEY = `${SELECT} AND key = ? AND namespace = ?`

const LIST = `${SELECT} AND namespace = ? ORDER BY key LIMIT ? OFFSET ?`

const PUT = `INSERT INTO memory_store (key, namespace, value, ttl, metadata, created_at, expires_at)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (key, namespace) DO UPDATE SET value = excluded.value, ttl = excluded.ttl,
    metadata = excluded.metadata, created_at = excluded.created_at, expires_at = excluded.expires_at`

/** Values across sessions, by namespace and key. Expired rows are invisible. */
export class CrossSessionTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** @param now in ms since the epoch, as in all methods. */
  get(key: string, namespace: string, now: number): MemoryStoreRow | undefined {
    const columns = this.#connection.get<Columns>(BY_KEY, [sqlTime(now), key, namespace])
    return columns && toRow(columns)
  }

  /** Sorted by key. */
  list(namespace: string, limit: number, offset: number, now: number): MemoryStoreRow[] {
    return this.#connection.all<Columns>(LIST, [sqlTime(now), namespace, limit, offset]).map(toRow)
  }

  /** Inserts or replaces a row. */
  put({ key, namespace, value, ttlMs, metadata, createdAt, expiresAt }: MemoryStoreRow): void {
    const end = expiresAt === null ? null : toSqlTime(expiresAt)
    this.#connection.run(PUT, [key, namespace, value, ttlMs / 1000, metadata, toSqlTime(createdAt), end])
  }

  remove(key: string, namespace: string): void {
    this.#connection.run('DELETE FROM memory_store WHERE key = ? AND namespace = ?', [key, namespace])
  }

  /** Deletes expired rows. @returns their number. */
  removeExpired(now: number): number {
    return this.#connection.run('DELETE FROM memory_store WHERE expires_at <= ?', [sqlTime(now)])
  }
}

function toRow([key, namespace, value, ttl, metadata, createdAt, expiresAt]: Columns): MemoryStoreRow {
  return {
    key,
    namespace,
    value,
    ttlMs: Math.round((ttl ?? 0) * 1000),
    metadata,
    createdAt: fromSqlTime(createdAt),
    expiresAt: expiresAt === null ? null : fromSqlTime(expiresAt),
  }
}
