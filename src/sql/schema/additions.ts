/** What version 2 added, after the columns that the documents print. */
export const additions: readonly string[] = [
  // How many runs a row weighs that sums up runs, as decayed until `updated_at`; null where it is a record of its own.
  'ALTER TABLE execution_patterns ADD COLUMN decayed_count REAL',
  `CREATE UNIQUE INDEX execution_patterns_by_run ON execution_patterns (task_type, pattern_used, complexity_level)
    WHERE decayed_count IS NOT NULL`,
  // `higher` or `lower`; null where there is no baseline.
  'ALTER TABLE performance_metrics ADD COLUMN better TEXT',
  // Finds the experiences with one action in one state; null where another program recorded one, which is then not found.
  'ALTER TABLE learning_experiences ADD COLUMN state_action_hash INTEGER',
  'CREATE INDEX learning_experiences_by_state_action_hash ON learning_experiences (state_action_hash)',
]
