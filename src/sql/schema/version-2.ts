/** Schema version 2: columns and indexes beside those that the tables of version 1 have. */
export const version2: readonly string[] = [
  // For a row that sums up runs: their number, decayed until `updated_at`. Null for a row that records one run.
  'ALTER TABLE execution_patterns ADD COLUMN decayed_count REAL',
  `CREATE UNIQUE INDEX execution_patterns_by_run ON execution_patterns (task_type, pattern_used, complexity_level)
    WHERE decayed_count IS NOT NULL`,
  // `higher` or `lower`; null without a baseline.
  'ALTER TABLE performance_metrics ADD COLUMN better TEXT',
  // Indexes experiences by state and action. Null in rows that another program wrote, which this index does not find.
  'ALTER TABLE learning_experiences ADD COLUMN state_action_hash INTEGER',
  'CREATE INDEX learning_experiences_by_state_action_hash ON learning_experiences (state_action_hash)',
]
