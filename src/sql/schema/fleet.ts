/**
 * Fleets with their agents, tasks, sessions, events and artifacts. Without foreign keys: a task can outlive its agent, and data of
 * other systems must be importable as it is.
 */
export const fleetSchema: readonly string[] = [
  `CREATE TABLE fleets (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    config TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME DEFAULT CURRENT_TIMESTAMP
  )`,

  `CREATE TABLE agents (
    id TEXT PRIMARY KEY,
    fleet_id TEXT NOT NULL,
    type TEXT NOT NULL,
    status TEXT NOT NULL,
    config TEXT,
    metrics TEXT,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME DEFAULT CURRENT_TIMESTAMP
  )`,
  'CREATE INDEX agents_by_fleet_id ON agents (fleet_id)',
  'CREATE INDEX agents_by_type ON agents (type)',
  'CREATE INDEX agents_by_status ON agents (status)',

  `CREATE TABLE agent_registry (
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    capabilities TEXT NOT NULL,
    status TEXT NOT NULL,
    performance TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  )`,
  'CREATE INDEX agent_registry_by_type ON agent_registry (type)',
  'CREATE INDEX agent_registry_by_status ON agent_registry (status)',

  `CREATE TABLE tasks (
    id TEXT PRIMARY KEY,
    fleet_id TEXT NOT NULL,
    agent_id TEXT,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    data TEXT,
    requirements TEXT,
    status TEXT NOT NULL,
    priority INTEGER DEFAULT 1,
    result TEXT,
    error TEXT,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    started_at DATETIME,
    completed_at DATETIME
  )`,
  'CREATE INDEX tasks_by_fleet_id ON tasks (fleet_id)',
  'CREATE INDEX tasks_by_agent_id ON tasks (agent_id)',
  'CREATE INDEX tasks_by_status ON tasks (status)',
  'CREATE INDEX tasks_by_type ON tasks (type)',

  `CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    mode TEXT NOT NULL,
    state TEXT NOT NULL,
    checkpoints TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_resumed INTEGER
  )`,

  `CREATE TABLE events (
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    payload TEXT NOT NULL,
    timestamp INTEGER NOT NULL,
    source TEXT NOT NULL,
    ttl INTEGER NOT NULL DEFAULT 2592000,
    expires_at INTEGER
  )`,
  'CREATE INDEX events_by_type_timestamp ON events (type, timestamp)',
  'CREATE INDEX events_by_source_timestamp ON events (source, timestamp)',
  'CREATE INDEX events_by_timestamp ON events (timestamp)',
  'CREATE INDEX events_by_expires_at ON events (expires_at)',

  `CREATE TABLE artifacts (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    tags TEXT NOT NULL,
    metadata TEXT,
    ttl INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
  )`,
  'CREATE INDEX artifacts_by_kind ON artifacts (kind)',
]
