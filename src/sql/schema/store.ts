/** What the store knows about itself: its id, its replica, the sequence it stands at. */
export const storeSchema: readonly string[] = [
  `CREATE TABLE store_meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  )`,
]
