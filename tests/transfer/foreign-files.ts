import Database from 'better-sqlite3'

/** A SQLite file made of these statements, as bytes. They may write the schema itself. */
export function fileOf(...statements: readonly string[]): Uint8Array {
  const database = new Database(':memory:').unsafeMode()
  for (const statement of statements) database.exec(statement)
  const bytes = new Uint8Array(database.serialize())
  database.close()
  return bytes
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
