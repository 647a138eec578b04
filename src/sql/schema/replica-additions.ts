/** What version 3 added to experiences: where they were made. Null where it was here: the replica of this store, and the row's id. */
export const replicaAdditions: readonly string[] = [
  'ALTER TABLE learning_experiences ADD COLUMN replica_id TEXT',
  'ALTER TABLE learning_experiences ADD COLUMN replica_sequence INTEGER',
]
