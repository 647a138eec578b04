/** Learned strategies and their uses. */
export const patternsSchema: readonly string[] = [
  `CREATE TABLE patterns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pattern_type TEXT NOT NULL,
    pattern_data TEXT NOT NULL,
    confidence REAL DEFAULT 0.5,
    success_rate REAL DEFAULT 0,
    usage_count INTEGER DEFAULT 0,
    last_used DATETIME DEFAULT CURRENT_TIMESTAMP,
    agent_id TEXT,
    success_count INTEGER DEFAULT 0
  )`,
  'CREATE INDEX patterns_by_agent_id_pattern_type ON patterns (agent_id, pattern_type)',

  `CREATE TABLE pattern_usage (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pattern_id TEXT NOT NULL,
    project_id TEXT,
    agent_id TEXT,
    context TEXT,
    success BOOLEAN DEFAULT TRUE,
    execution_time_ms INTEGER,
    error_message TEXT,
    used_at DATETIME DEFAULT CURRENT_TIMESTAMP
  )`,
  'CREATE INDEX pattern_usage_by_pattern_id ON pattern_usage (pattern_id)',
]
