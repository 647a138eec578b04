/** Coordination of a fleet: workflows, votes, goals with their actions and plans, and OODA cycles. */
export const coordinationSchema: readonly string[] = [
  `CREATE TABLE workflow_state (
    id TEXT PRIMARY KEY,
    step TEXT NOT NULL,
    status TEXT NOT NULL,
    checkpoint TEXT NOT NULL,
    sha TEXT NOT NULL,
    ttl INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  )`,
  'CREATE INDEX workflow_state_by_status ON workflow_state (status)',

  `CREATE TABLE consensus_state (
    id TEXT PRIMARY KEY,
    decision TEXT NOT NULL,
    proposer TEXT NOT NULL,
    votes TEXT NOT NULL,
    quorum INTEGER NOT NULL,
    status TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    ttl INTEGER NOT NULL DEFAULT 604800,
    expires_at INTEGER,
    created_at INTEGER NOT NULL
  )`,
  'CREATE INDEX consensus_state_by_status ON consensus_state (status)',
  'CREATE INDEX consensus_state_by_expires_at ON consensus_state (expires_at)',

  `CREATE TABLE goap_goals (
    id TEXT PRIMARY KEY,
    conditions TEXT NOT NULL,
    cost INTEGER NOT NULL,
    priority TEXT,
    created_at INTEGER NOT NULL
  )`,

  `CREATE TABLE goap_actions (
    id TEXT PRIMARY KEY,
    preconditions TEXT NOT NULL,
    effects TEXT NOT NULL,
    cost INTEGER NOT NULL,
    agent_type TEXT,
    created_at INTEGER NOT NULL
  )`,
  'CREATE INDEX goap_actions_by_agent_type ON goap_actions (agent_type)',

  `CREATE TABLE goap_plans (
    id TEXT PRIMARY KEY,
    goal_id TEXT NOT NULL,
    sequence TEXT NOT NULL,
    total_cost INTEGER NOT NULL,
    created_at INTEGER NOT NULL
  )`,
  'CREATE INDEX goap_plans_by_goal_id ON goap_plans (goal_id)',

  `CREATE TABLE ooda_cycles (
    id TEXT PRIMARY KEY,
    phase TEXT NOT NULL,
    observations TEXT,
    orientation TEXT,
    decision TEXT,
    action TEXT,
    timestamp INTEGER NOT NULL,
    completed INTEGER DEFAULT 0,
    result TEXT
  )`,
  'CREATE INDEX ooda_cycles_by_phase ON ooda_cycles (phase)',
]
