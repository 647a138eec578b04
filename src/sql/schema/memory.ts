/** Shared memory with owners, access levels and lifetimes, and the patterns and metrics of the swarm. */
export const memorySchema: readonly string[] = [
  `CREATE TABLE memory_entries (
    key TEXT NOT NULL,
    partition TEXT NOT NULL DEFAULT 'default',
    value TEXT NOT NULL,
    metadata TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    owner TEXT,
    access_level TEXT DEFAULT 'private',
    team_id TEXT,
    swarm_id TEXT,
    PRIMARY KEY (key, partition)
  )`,
  'CREATE INDEX memory_entries_by_partition ON memory_entries (partition)',
  'CREATE INDEX memory_entries_by_expires_at ON memory_entries (expires_at)',
  'CREATE INDEX memory_entries_by_owner ON memory_entries (owner)',

  `CREATE TABLE memory_acl (
    resource_id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    access_level TEXT NOT NULL,
    team_id TEXT,
    swarm_id TEXT,
    granted_permissions TEXT,
    blocked_agents TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  )`,
  'CREATE INDEX memory_acl_by_owner ON memory_acl (owner)',

  `CREATE TABLE hints (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER
  )`,
  'CREATE INDEX hints_by_key ON hints (key)',
  'CREATE INDEX hints_by_expires_at ON hints (expires_at)',

  `CREATE TABLE memory_store (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    namespace TEXT NOT NULL DEFAULT 'default',
    ttl INTEGER DEFAULT 0,
    metadata TEXT,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    expires_at DATETIME,
    UNIQUE (key, namespace)
  )`,
  'CREATE INDEX memory_store_by_namespace ON memory_store (namespace)',
  'CREATE INDEX memory_store_by_expires_at ON memory_store (expires_at)',

  `CREATE TABLE swarm_patterns (
    id TEXT PRIMARY KEY,
    pattern TEXT NOT NULL UNIQUE,
    confidence REAL NOT NULL,
    usage_count INTEGER NOT NULL DEFAULT 0,
    metadata TEXT,
    ttl INTEGER NOT NULL DEFAULT 604800,
    expires_at INTEGER,
    created_at INTEGER NOT NULL
  )`,
  'CREATE INDEX swarm_patterns_by_confidence ON swarm_patterns (confidence)',
  'CREATE INDEX swarm_patterns_by_expires_at ON swarm_patterns (expires_at)',

  `CREATE TABLE swarm_metrics (
    id TEXT PRIMARY KEY,
    metric TEXT NOT NULL,
    value REAL NOT NULL,
    unit TEXT NOT NULL,
    timestamp INTEGER NOT NULL,
    agent_id TEXT
  )`,
  'CREATE INDEX swarm_metrics_by_metric_timestamp ON swarm_metrics (metric, timestamp)',
  'CREATE INDEX swarm_metrics_by_agent_id ON swarm_metrics (agent_id)',
]
