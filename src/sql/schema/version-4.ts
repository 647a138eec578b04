/**
 * Schema version 4: what the next state offers, initial values, ranges and scales of rewards, visits of Double Q-learning's tables,
 * and sums of experiences.
 */
export const version4: readonly string[] = [
  // JSON list of the actions that the next state offers; null if unknown.
  'ALTER TABLE learning_experiences ADD COLUMN next_actions TEXT',
  // The value of an action before its first experience.
  'ALTER TABLE learning_agents ADD COLUMN initial_value REAL NOT NULL DEFAULT 0',
  // Number of rewards in the target of a step.
  'ALTER TABLE learning_agents ADD COLUMN n_step INTEGER NOT NULL DEFAULT 1',
  // How much of the past the model of the environment holds, and the bonus of Dyna-Q+.
  'ALTER TABLE learning_agents ADD COLUMN model_window INTEGER NOT NULL DEFAULT 0',
  'ALTER TABLE learning_agents ADD COLUMN model_half_life REAL NOT NULL DEFAULT 0',
  'ALTER TABLE learning_agents ADD COLUMN exploration_bonus REAL NOT NULL DEFAULT 0',
  // The least and the greatest possible reward; both null if unknown.
  'ALTER TABLE learning_agents ADD COLUMN reward_low REAL',
  'ALTER TABLE learning_agents ADD COLUMN reward_high REAL',
  // The standard deviation of rewards that the policy assumes; 0 if it is learned. Agents of earlier versions assume 1.
  'ALTER TABLE learning_agents ADD COLUMN reward_scale REAL NOT NULL DEFAULT 1',
  // Number and sum of the squared deviations of targets from their values, of which the scale is learned.
  'ALTER TABLE learning_agents ADD COLUMN deviation_count INTEGER NOT NULL DEFAULT 0',
  'ALTER TABLE learning_agents ADD COLUMN deviation_squares REAL NOT NULL DEFAULT 0',

  // Number of updates of each table. Those of earlier versions were drawn with equal chances.
  'ALTER TABLE double_q_values ADD COLUMN first_visits INTEGER NOT NULL DEFAULT 0',
  'ALTER TABLE double_q_values ADD COLUMN second_visits INTEGER NOT NULL DEFAULT 0',
  `UPDATE double_q_values SET (first_visits, second_visits) = (
    SELECT (visits + 1) / 2, visits / 2 FROM q_values AS q WHERE q.agent_id = double_q_values.agent_id
      AND q.state_key = double_q_values.state_key AND q.action_key = double_q_values.action_key)
    WHERE (agent_id, state_key, action_key) IN (
      SELECT agent_id, state_key, action_key FROM q_values WHERE typeof(visits) = 'integer')`,

  // The rewards of each transition that was ever recorded: their number, mean, sum of squared deviations, least and greatest. Pruning
  // leaves them. States and actions are canonical JSON. An index on the texts would make a store a third larger.
  `CREATE TABLE learning_sums (
    id INTEGER PRIMARY KEY,
    agent_id TEXT NOT NULL,
    state TEXT NOT NULL,
    action TEXT NOT NULL,
    next_state TEXT NOT NULL,
    terminated INTEGER NOT NULL,
    count INTEGER NOT NULL,
    mean REAL NOT NULL,
    m2 REAL NOT NULL,
    least REAL NOT NULL,
    greatest REAL NOT NULL,
    state_action_hash INTEGER
  )`,
  'CREATE INDEX learning_sums_by_agent_id_state_action_hash ON learning_sums (agent_id, state_action_hash)',
  `INSERT INTO learning_sums
    (agent_id, state, action, next_state, terminated, count, mean, m2, least, greatest, state_action_hash)
    SELECT agent_id, state, action, next_state, ended, count(*), mean, total((reward - mean) * (reward - mean)),
      min(reward), max(reward), max(state_action_hash)
    FROM (SELECT id, agent_id, state, action, next_state, coalesce(terminated, 0) AS ended, reward, state_action_hash,
        avg(reward) OVER (PARTITION BY agent_id, state, action, next_state, coalesce(terminated, 0)) AS mean
      FROM learning_experiences
      WHERE typeof(reward) IN ('real', 'integer') AND abs(reward) <= 1.7976931348623157e308)
    GROUP BY agent_id, state, action, next_state, ended ORDER BY min(id)`,
  // The lists of actions, as JSON, that a next state was ever said to offer.
  `CREATE TABLE offered_actions (
    id INTEGER PRIMARY KEY,
    agent_id TEXT NOT NULL,
    state TEXT NOT NULL,
    actions TEXT NOT NULL,
    hash INTEGER NOT NULL
  )`,
  'CREATE INDEX offered_actions_by_agent_id_hash ON offered_actions (agent_id, hash)',
  // How far the sums contain the experiences of other replicas: the last sequence of each, and the id of that experience.
  `CREATE TABLE summed_replicas (
    replica_id TEXT PRIMARY KEY NOT NULL,
    sequence INTEGER NOT NULL,
    experience_id TEXT
  )`,
  `INSERT INTO summed_replicas SELECT replica_id, max(replica_sequence), experience_id FROM learning_experiences
    WHERE replica_id IS NOT NULL AND typeof(replica_sequence) = 'integer' GROUP BY replica_id`,
]
