/** Vectors of entries of the shared memory. In their table, so that an entry and its vectors are one row. */
export const memoryVectors: readonly string[] = [
  // The name of the model that computed the vectors, and their dimension; null if there are none.
  'ALTER TABLE memory_entries ADD COLUMN embedder TEXT',
  'ALTER TABLE memory_entries ADD COLUMN dimension INTEGER',
  // One vector after the other, in 32-bit floats.
  'ALTER TABLE memory_entries ADD COLUMN vectors BLOB',
  `CREATE INDEX memory_entries_by_embedder_dimension ON memory_entries (embedder, dimension)
    WHERE embedder IS NOT NULL`,
]
