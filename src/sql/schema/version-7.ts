import { memoryVectors } from './memory-vectors.ts'

/** Schema version 7: decisions whose rewards come later, metadata of experiences, vectors of the shared memory. */
export const version7: readonly string[] = [
  // A JSON object of the caller, such as a trace id, a prompt, a model or a cost.
  'ALTER TABLE learning_experiences ADD COLUMN metadata TEXT',
  // Milliseconds that a decision waits for its reward; 0: for ever.
  'ALTER TABLE learning_agents ADD COLUMN reward_within_ms INTEGER NOT NULL DEFAULT 0',
  // The reward of a decision that got none in time; empty: it expires without one.
  "ALTER TABLE learning_agents ADD COLUMN default_reward NOT NULL DEFAULT ''",
  `CREATE TABLE learning_decisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    agent_id TEXT NOT NULL,
    decision_id TEXT NOT NULL,
    state TEXT NOT NULL,
    available_actions TEXT NOT NULL,
    action TEXT NOT NULL,
    behavior_probability REAL NOT NULL,
    timestamp DATETIME NOT NULL,
    expires_at DATETIME,
    task_id TEXT,
    task_type TEXT,
    episode_id TEXT,
    metadata TEXT,
    status TEXT NOT NULL DEFAULT 'open',
    reward REAL,
    rewarded_at DATETIME,
    is_default_reward INTEGER NOT NULL DEFAULT 0,
    result TEXT,
    UNIQUE (agent_id, decision_id)
  )`,
  'CREATE INDEX learning_decisions_by_agent_id_status ON learning_decisions (agent_id, status)',
  "CREATE INDEX learning_decisions_by_expires_at ON learning_decisions (expires_at) WHERE status = 'open'",
  ...memoryVectors,
]
