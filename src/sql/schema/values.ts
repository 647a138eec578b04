/** Values of actions in states, and the pairs of values of Double Q-learning. */
export const valuesSchema: readonly string[] = [
  `CREATE TABLE q_values (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    agent_id TEXT NOT NULL,
    state_key TEXT NOT NULL,
    action_key TEXT NOT NULL,
    q_value REAL NOT NULL,
    visits INTEGER DEFAULT 1,
    last_updated DATETIME DEFAULT CURRENT_TIMESTAMP
  )`,
  'CREATE UNIQUE INDEX q_values_by_agent_id_state_key_action_key ON q_values (agent_id, state_key, action_key)',

  `CREATE TABLE double_q_values (
    agent_id TEXT NOT NULL,
    state_key TEXT NOT NULL,
    action_key TEXT NOT NULL,
    first_value REAL NOT NULL,
    second_value REAL NOT NULL,
    PRIMARY KEY (agent_id, state_key, action_key)
  )`,
]
