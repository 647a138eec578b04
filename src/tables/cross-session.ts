import type { Connection } from '../sql/connection.ts'
import { sqlTime } from './sql-time.ts'

/** A row of `memory_store`. */
export interface KeptRow {
  readonly key: string
  readonly namespace: string
  /** JSON. */
  readonly value: string
  /** In seconds; 0 stands for ever. */
  readonly ttl: number
  /** JSON. */
  readonly metadata: string | null
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly createdAt: string
  /** UTC, `YYYY-MM-DD HH:MM:SS`; null stands for never. */
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

/** What is kept from one session to the next, by namespace and key. What has expired is not there. */
export class CrossSessionTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** @param now in ms since the epoch, as everywhere here. */
  get(key: string, namespace: string, now: number): KeptRow | undefined {
    const columns = this.#connection.get<Columns>(BY_KEY, [sqlTime(now), key, namespace])
    return columns && toRow(columns)
  }

  /** By key. */
  list(namespace: string, limit: number, offset: number, now: number): KeptRow[] {
    return this.#connection.all<Columns>(LIST, [sqlTime(now), namespace, limit, offset]).map(toRow)
  }

  /** Replaces what has this key. */
  put({ key, namespace, value, ttl, metadata, createdAt, expiresAt }: KeptRow): void {
    this.#connection.run(PUT, [key, namespace, value, ttl, metadata, createdAt, expiresAt])
  }

  remove(key: string, namespace: string): void {
    this.#connection.run('DELETE FROM memory_store WHERE key = ? AND namespace = ?', [key, namespace])
  }

  /** Answers how many there were. */
  removeExpired(now: number): number {
    return this.#connection.run('DELETE FROM memory_store WHERE expires_at <= ?', [sqlTime(now)])
  }
}

function toRow([key, namespace, value, ttl, metadata, createdAt, expiresAt]: Columns): KeptRow {
  return { key, namespace, value, ttl: ttl ?? 0, metadata, createdAt, expiresAt }
}
