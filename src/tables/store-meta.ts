import type { Connection } from '../sql/connection.ts'

/** A key of `store_meta`. `sequence` is the number of the last commit that the database contains. */
export type MetaKey = 'store_id' | 'replica_id' | 'created_at' | 'sequence'

export function getMeta(connection: Connection, key: MetaKey): string | undefined {
  return connection.get<[string]>('SELECT value FROM store_meta WHERE key = ?', [key])?.[0]
}

export function setMeta(connection: Connection, key: MetaKey, value: string): void {
  connection.run(
    'INSERT INTO store_meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    [key, value],
  )
}
