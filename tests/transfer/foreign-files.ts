import Database from 'better-sqlite3'

/** A SQLite file made of these statements, as bytes. They may write the schema itself. */
export function fileOf(...statements: readonly string[]): Uint8Array {
  const database = new Database(':memory:').unsafeMode()
  for (const statement of statements) database.exec(statement)
  const bytes = new Uint8Array(database.serialize())
  database.close()
  return bytes
}

/** A statement that adds a row, its values in SQL. */
export function row(table: string, values: Readonly<Record<string, unknown>>): string {
  return `INSERT INTO ${table} (${Object.keys(values).join(', ')}) VALUES (${Object.values(values).map(String).join(', ')})`
}

export const Q_VALUES = `CREATE TABLE q_values (id INTEGER PRIMARY KEY AUTOINCREMENT, agent_id TEXT NOT NULL, state_key TEXT NOT NULL,
  action_key TEXT NOT NULL, q_value REAL NOT NULL DEFAULT 0, update_count INTEGER DEFAULT 1,
  last_updated DATETIME DEFAULT CURRENT_TIMESTAMP, created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
  UNIQUE (agent_id, state_key, action_key))`

export const EXPERIENCES = `CREATE TABLE learning_experiences (id INTEGER PRIMARY KEY AUTOINCREMENT, agent_id TEXT NOT NULL,
  task_id TEXT, task_type TEXT NOT NULL, state TEXT NOT NULL, action TEXT NOT NULL, reward REAL NOT NULL,
  next_state TEXT NOT NULL, episode_id TEXT, timestamp DATETIME DEFAULT CURRENT_TIMESTAMP)`

/** As 2.8 has it. */
export const EXPERIENCES_2: string = EXPERIENCES.replace('timestamp', 'metadata TEXT, created_at DATETIME, timestamp')

export const SWARM_PATTERNS = `CREATE TABLE patterns (id TEXT PRIMARY KEY, pattern TEXT NOT NULL UNIQUE, confidence REAL NOT NULL,
  usage_count INTEGER NOT NULL DEFAULT 0, metadata TEXT, ttl INTEGER NOT NULL DEFAULT 604800, expires_at INTEGER,
  created_at INTEGER NOT NULL)`

/** As 2.8 has it. */
export const SWARM_PATTERNS_2: string = SWARM_PATTERNS.replace(
  'created_at INTEGER NOT NULL',
  "created_at INTEGER NOT NULL, agent_id TEXT, domain TEXT DEFAULT 'general', success_rate REAL DEFAULT 1.0",
)

/** As the document prints it. */
export const STRATEGIES = `CREATE TABLE patterns (id INTEGER PRIMARY KEY AUTOINCREMENT, pattern_type TEXT NOT NULL,
  pattern_data TEXT NOT NULL, confidence REAL DEFAULT 0.5, success_rate REAL DEFAULT 0, usage_count INTEGER DEFAULT 0,
  last_used DATETIME DEFAULT CURRENT_TIMESTAMP)`

export const MEMORY_ENTRIES = `CREATE TABLE memory_entries (key TEXT NOT NULL, partition TEXT NOT NULL DEFAULT 'default',
  value TEXT NOT NULL, metadata TEXT, created_at INTEGER NOT NULL, expires_at INTEGER, owner TEXT,
  access_level TEXT DEFAULT 'private', team_id TEXT, swarm_id TEXT, PRIMARY KEY (key, partition))`

export const EVENTS = `CREATE TABLE events (id TEXT PRIMARY KEY, type TEXT NOT NULL, payload TEXT NOT NULL,
  timestamp INTEGER NOT NULL, source TEXT NOT NULL, ttl INTEGER NOT NULL DEFAULT 2592000, expires_at INTEGER)`

export const GOAP_ACTIONS = `CREATE TABLE goap_actions (id TEXT PRIMARY KEY, preconditions TEXT NOT NULL, effects TEXT NOT NULL,
  cost INTEGER NOT NULL, agent_type TEXT, created_at INTEGER NOT NULL, name TEXT)`

export const CAPTURED = `CREATE TABLE captured_experiences (id TEXT PRIMARY KEY, task TEXT NOT NULL, agent TEXT NOT NULL,
  domain TEXT NOT NULL DEFAULT '', success INTEGER NOT NULL DEFAULT 0, quality REAL NOT NULL DEFAULT 0.5, steps_json TEXT,
  completed_at TEXT NOT NULL, source TEXT DEFAULT 'middleware', embedding BLOB)`

export const ROUTING = `CREATE TABLE routing_outcomes (id TEXT PRIMARY KEY, task_json TEXT NOT NULL, decision_json TEXT NOT NULL,
  used_agent TEXT NOT NULL, followed_recommendation INTEGER NOT NULL, success INTEGER NOT NULL, quality_score REAL NOT NULL,
  duration_ms REAL NOT NULL, created_at TEXT)`

export const QE_PATTERNS = `CREATE TABLE qe_patterns (id TEXT PRIMARY KEY, pattern_type TEXT NOT NULL, qe_domain TEXT NOT NULL,
  domain TEXT NOT NULL, name TEXT NOT NULL, description TEXT, confidence REAL DEFAULT 0.5, usage_count INTEGER DEFAULT 0,
  success_rate REAL DEFAULT 0.0, quality_score REAL DEFAULT 0.0, tier TEXT DEFAULT 'short-term', template_json TEXT,
  context_json TEXT, created_at TEXT, updated_at TEXT, last_used_at TEXT, successful_uses INTEGER DEFAULT 0)`

export const RL_VALUES = `CREATE TABLE rl_q_values (id TEXT PRIMARY KEY, algorithm TEXT NOT NULL, agent_id TEXT NOT NULL,
  state_key TEXT NOT NULL, action_key TEXT NOT NULL, q_value REAL NOT NULL DEFAULT 0.0, visits INTEGER NOT NULL DEFAULT 0)`

export const SONA = `CREATE TABLE sona_patterns (id TEXT PRIMARY KEY, type TEXT NOT NULL, domain TEXT NOT NULL,
  action_type TEXT NOT NULL, action_value TEXT, outcome_reward REAL NOT NULL DEFAULT 0.0, outcome_success INTEGER NOT NULL DEFAULT 0,
  confidence REAL DEFAULT 0.5, usage_count INTEGER DEFAULT 0, success_count INTEGER DEFAULT 0, failure_count INTEGER DEFAULT 0,
  updated_at TEXT, last_used_at TEXT)`

/** As AgentDB has it. */
export const EPISODES = `CREATE TABLE episodes (id INTEGER PRIMARY KEY AUTOINCREMENT,
  ts INTEGER NOT NULL DEFAULT (strftime('%s', 'now')), session_id TEXT NOT NULL, task TEXT NOT NULL, input TEXT, output TEXT,
  critique TEXT, reward REAL DEFAULT 0.0, success BOOLEAN DEFAULT 0, latency_ms INTEGER, tokens_used INTEGER,
  tags TEXT, -- a JSON list
  metadata JSON, created_at INTEGER NOT NULL DEFAULT (strftime('%s', 'now')))`

export const LEARNING_SESSIONS = `CREATE TABLE learning_sessions (id TEXT PRIMARY KEY, user_id TEXT NOT NULL,
  session_type TEXT NOT NULL, config TEXT NOT NULL, start_time INTEGER NOT NULL, end_time INTEGER, status TEXT NOT NULL,
  metadata TEXT)`

/** Agentic-qe's table of this name has agents, not sessions. */
export const SESSION_EXPERIENCES = `CREATE TABLE learning_experiences (id INTEGER PRIMARY KEY AUTOINCREMENT,
  session_id TEXT NOT NULL, state TEXT NOT NULL, action TEXT NOT NULL, reward REAL NOT NULL, next_state TEXT,
  success INTEGER NOT NULL, timestamp INTEGER NOT NULL, metadata TEXT)`

export const REASONING_PATTERNS = `CREATE TABLE reasoning_patterns (id INTEGER PRIMARY KEY AUTOINCREMENT,
  ts INTEGER DEFAULT (strftime('%s', 'now')), task_type TEXT NOT NULL, approach TEXT NOT NULL,
  success_rate REAL NOT NULL DEFAULT 0.0, uses INTEGER DEFAULT 0, avg_reward REAL DEFAULT 0.0, tags TEXT, metadata TEXT)`

export const SKILLS = `CREATE TABLE skills (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE NOT NULL, description TEXT,
  signature JSON NOT NULL, code TEXT, success_rate REAL DEFAULT 0.0, uses INTEGER DEFAULT 0)`

/** As claude-flow 2 has it. */
export const NAMESPACED_ENTRIES = `CREATE TABLE memory_entries (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL,
  value TEXT NOT NULL, namespace TEXT NOT NULL DEFAULT 'default', metadata TEXT,
  created_at INTEGER DEFAULT (strftime('%s', 'now')), updated_at INTEGER DEFAULT (strftime('%s', 'now')),
  accessed_at INTEGER, access_count INTEGER DEFAULT 0, ttl INTEGER, expires_at INTEGER, UNIQUE (key, namespace))`

/** As claude-flow 3 has it. */
export const NAMESPACED_ENTRIES_3 = `CREATE TABLE memory_entries (id TEXT PRIMARY KEY, key TEXT NOT NULL,
  namespace TEXT DEFAULT 'default', content TEXT NOT NULL, type TEXT DEFAULT 'semantic', embedding TEXT, tags TEXT, metadata TEXT,
  owner_id TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, expires_at INTEGER, last_accessed_at INTEGER,
  access_count INTEGER DEFAULT 0, status TEXT DEFAULT 'active', UNIQUE (namespace, key))`

/** As agentic-flow's ReasoningBank has it. */
export const REASONING_BANK = `CREATE TABLE patterns (id TEXT PRIMARY KEY, type TEXT NOT NULL, pattern_data TEXT NOT NULL,
  confidence REAL NOT NULL DEFAULT 0.5, usage_count INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, last_used TEXT)`
