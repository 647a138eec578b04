import type { Connection } from '../sql/connection.ts'
import { getMeta, setMeta } from '../tables/store-meta.ts'

/** The store's own id; undefined in a database that was just made. */
export function storeId(connection: Connection): string | undefined {
  return getMeta(connection, 'store_id')
}

/** Gives a new database its identity: of the store, and of this installation of it. */
export function introduce(connection: Connection, newId: () => string, now: () => number): void {
  connection.transaction(() => {
    setMeta(connection, 'store_id', newId())
    setMeta(connection, 'replica_id', newId())
    setMeta(connection, 'created_at', new Date(now()).toISOString())
  })
}

/** The commit that the bytes of the database stand at, as they say themselves. */
export function notedSequence(connection: Connection): number {
  return Number(getMeta(connection, 'sequence') ?? 0)
}

/**
 * Lets the database know its own sequence. Noting it is a commit like any other, so that a replay from an older snapshot
 * comes to the same bytes.
 */
export function noteSequence(connection: Connection): void {
  if (notedSequence(connection) === connection.sequence) return
  connection.transaction(() => setMeta(connection, 'sequence', String(connection.sequence + 1)))
}

/** Lets the database say that it stands at this sequence, for one that goes on without its log. */
export function setNotedSequence(connection: Connection, sequence: number): void {
  connection.transaction(() => setMeta(connection, 'sequence', String(sequence)))
}
