/**
 * Experiences, learning history and learning metrics. `terminated` and `truncated` are 0, 1, or NULL if unknown. `task_id` is not a
 * foreign key: learning works without the fleet. Every index ends in the rowid, so that it also serves `ORDER BY id`.
 */
export const experiencesSchema: readonly string[] = [
  `CREATE TABLE learning_experiences (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    agent_id TEXT NOT NULL,
    task_id TEXT,
    task_type TEXT NOT NULL,
    state TEXT NOT NULL,
    action TEXT NOT NULL,
    reward REAL NOT NULL,
    next_state TEXT NOT NULL,
    episode_id TEXT,
    timestamp DATETIME DEFAULT CURRENT_TIMESTAMP,
    experience_id TEXT,
    terminated INTEGER,
    truncated INTEGER,
    behavior_probability REAL,
    available_actions TEXT
  )`,
  'CREATE UNIQUE INDEX learning_experiences_by_agent_id_experience_id ON learning_experiences (agent_id, experience_id)',
  'CREATE INDEX learning_experiences_by_agent_id ON learning_experiences (agent_id)',
  'CREATE INDEX learning_experiences_by_agent_id_episode_id ON learning_experiences (agent_id, episode_id)',

  `CREATE TABLE learning_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    agent_id TEXT NOT NULL,
    pattern_id TEXT,
    state_representation TEXT NOT NULL,
    action TEXT NOT NULL,
    reward REAL NOT NULL,
    next_state_representation TEXT,
    q_value REAL,
    episode INTEGER,
    timestamp DATETIME DEFAULT CURRENT_TIMESTAMP
  )`,
  'CREATE INDEX learning_history_by_agent_id ON learning_history (agent_id)',

  `CREATE TABLE learning_metrics (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    agent_id TEXT NOT NULL,
    metric_type TEXT NOT NULL CHECK (metric_type IN ('accuracy', 'latency', 'quality', 'success_rate', 'improvement')),
    metric_value REAL NOT NULL,
    baseline_value REAL,
    improvement_percentage REAL,
    pattern_count INTEGER,
    context TEXT,
    timestamp DATETIME DEFAULT CURRENT_TIMESTAMP
  )`,
  'CREATE INDEX learning_metrics_by_agent_id_metric_type ON learning_metrics (agent_id, metric_type)',
]
