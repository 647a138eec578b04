/**
 * Executions of tasks. Each index ends in the sort order of lists (confidence, success rate, and the id, which as rowid ends every
 * index), so that pages are read without sorting.
 */
export const executionPatternsSchema: readonly string[] = [
  `CREATE TABLE execution_patterns (
    id INTEGER PRIMARY KEY,
    task_type TEXT,
    pattern_used TEXT,
    execution_time REAL,
    success_rate REAL,
    confidence_score REAL,
    agent_count INTEGER,
    complexity_level TEXT,
    tools_used TEXT,
    context_factors TEXT,
    created_at REAL,
    updated_at REAL,
    usage_count INTEGER
  )`,
  `CREATE INDEX execution_patterns_by_confidence_score_success_rate
    ON execution_patterns (confidence_score DESC, success_rate DESC)`,
  `CREATE INDEX execution_patterns_by_task_type_confidence_score_success_rate
    ON execution_patterns (task_type, confidence_score DESC, success_rate DESC)`,
]
