import type { Connection } from '../sql/connection.ts'
import { getMeta, setMeta } from '../tables/store-meta.ts'

/** The store's id; undefined in a new database. */
export function storeId(connection: Connection): string | undefined {
  return getMeta(connection, 'store_id')
}

/** Writes the identity of a new database: the store's id, and the id of this replica of it. */
export function initializeIdentity(connection: Connection, newId: () => string, now: () => number): void {
  connection.transaction(() => {
    setMeta(connection, 'store_id', newId())
    setMeta(connection, 'replica_id', newId())
    setMeta(connection, 'created_at', new Date(now()).toISOString())
  })
}

/** The sequence of the last commit, as the database itself records it; 0 if it does not. */
export function storedSequence(connection: Connection): number {
  return Number(getMeta(connection, 'sequence') ?? 0)
}

/**
 * Writes the sequence into the database. This is itself a commit, so a replay from an older snapshot yields the same
 * bytes.
 */
export function storeSequence(connection: Connection): void {
  if (storedSequence(connection) === connection.sequence) return
  connection.transaction(() => setMeta(connection, 'sequence', String(connection.sequence + 1)))
}

/** Writes a given sequence into a database that continues without its log. */
export function setStoredSequence(connection: Connection, sequence: number): void {
  connection.transaction(() => setMeta(connection, 'sequence', String(sequence)))
}
