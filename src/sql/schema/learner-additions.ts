/** What version 3 added to learners: how they choose and step, how much they plan, and the arms of LinUCB. */
export const learnerAdditions: readonly string[] = [
  "ALTER TABLE learning_agents ADD COLUMN policy TEXT NOT NULL DEFAULT 'epsilon-greedy'",
  "ALTER TABLE learning_agents ADD COLUMN step_size TEXT NOT NULL DEFAULT 'constant'",
  'ALTER TABLE learning_agents ADD COLUMN temperature REAL NOT NULL DEFAULT 1',
  'ALTER TABLE learning_agents ADD COLUMN ucb_scale REAL NOT NULL DEFAULT 1.4142135623730951',
  'ALTER TABLE learning_agents ADD COLUMN planning_steps INTEGER NOT NULL DEFAULT 0',
  // When somebody last chose the configuration: of two replicas the later choice holds. Empty where nobody has.
  "ALTER TABLE learning_agents ADD COLUMN configured_at DATETIME NOT NULL DEFAULT ''",
  // How many experiences were removed: values can no longer be derived from those that are left.
  'ALTER TABLE learning_agents ADD COLUMN removed_count INTEGER NOT NULL DEFAULT 0',
  // `features` is a JSON list of names, [D]; `inverse` are D x D doubles row by row, `weighted` D doubles, little-endian.
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
]
