/** Metadata of the store: its id, its replica id, its sequence number. */
export const storeSchema: readonly string[] = [
  `CREATE TABLE store_meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  )`,
]
