/** Schema version 3: learner settings and LinUCB arms, replicas, votes against a proposal, and the pattern bank. */
export const version3: readonly string[] = [
  "ALTER TABLE learning_agents ADD COLUMN policy TEXT NOT NULL DEFAULT 'epsilon-greedy'",
  "ALTER TABLE learning_agents ADD COLUMN step_size TEXT NOT NULL DEFAULT 'constant'",
  'ALTER TABLE learning_agents ADD COLUMN temperature REAL NOT NULL DEFAULT 1',
  'ALTER TABLE learning_agents ADD COLUMN ucb_scale REAL NOT NULL DEFAULT 1.4142135623730951',
  'ALTER TABLE learning_agents ADD COLUMN planning_steps INTEGER NOT NULL DEFAULT 0',
  // When the configuration was last set, UTC; empty if never. Of two replicas the later one wins.
  "ALTER TABLE learning_agents ADD COLUMN configured_at DATETIME NOT NULL DEFAULT ''",
  // Number of removed experiences; above 0, the values can no longer be derived from the remaining ones.
  'ALTER TABLE learning_agents ADD COLUMN removed_count INTEGER NOT NULL DEFAULT 0',
  // `features`: JSON list of D names. `inverse`: D x D doubles, row by row. `weighted`: D doubles. Doubles are little-endian.
  `CREATE TABLE linear_arms (
    agent_id TEXT NOT NULL,
    action_key TEXT NOT NULL,
    features TEXT NOT NULL,
    inverse BLOB NOT NULL,
    weighted BLOB NOT NULL,
    visits INTEGER NOT NULL,
    last_updated DATETIME NOT NULL,
    PRIMARY KEY (agent_id, action_key)
  )`,

  // The replica that recorded the experience and its row id there; both null if recorded in this store.
  'ALTER TABLE learning_experiences ADD COLUMN replica_id TEXT',
  'ALTER TABLE learning_experiences ADD COLUMN replica_sequence INTEGER',

  // JSON list of the agents that voted against (`votes` lists those in favour, as in agentic-qe); null means none.
  'ALTER TABLE consensus_state ADD COLUMN rejections TEXT',
  // Number of agents that may vote; null if unknown.
  'ALTER TABLE consensus_state ADD COLUMN voters INTEGER',

  // Maps patterns to full-text documents: the full-text table has no index on `pattern_id`.
  `CREATE TABLE pattern_documents (
    docid INTEGER PRIMARY KEY,
    pattern_id TEXT NOT NULL UNIQUE
  )`,

  // Number of uses with an execution time, a coverage gain and a quality: the means are over these uses only.
  'ALTER TABLE test_pattern_usage ADD COLUMN timed_count INTEGER NOT NULL DEFAULT 0',
  'ALTER TABLE test_pattern_usage ADD COLUMN measured_count INTEGER NOT NULL DEFAULT 0',
  'ALTER TABLE test_pattern_usage ADD COLUMN rated_count INTEGER NOT NULL DEFAULT 0',
  // Exponentially weighted success rate with a half-life of five uses; the trend compares it with `success_rate`.
  'ALTER TABLE pattern_stats_cache ADD COLUMN recent_success_rate REAL',

  // Uses of a mapping by project; `project_count` and `success_rate` of the mapping are aggregates of these rows.
  `CREATE TABLE cross_project_usage (
    pattern_id TEXT NOT NULL,
    source_framework TEXT NOT NULL,
    target_framework TEXT NOT NULL,
    project_id TEXT NOT NULL,
    usage_count INTEGER NOT NULL DEFAULT 0,
    success_count INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (pattern_id, source_framework, target_framework, project_id)
  )`,

  // `vector`: 32-bit floats, little-endian.
  `CREATE TABLE pattern_embeddings (
    pattern_id TEXT NOT NULL,
    embedder TEXT NOT NULL,
    dimension INTEGER NOT NULL CHECK (dimension > 0),
    vector BLOB NOT NULL CHECK (length(vector) = 4 * dimension),
    created_at DATETIME,
    PRIMARY KEY (pattern_id, embedder)
  )`,
  'CREATE INDEX pattern_embeddings_by_embedder ON pattern_embeddings (embedder)',
]
