/** Schema version 4: what the next state offers, initial values, ranges and scales of rewards, visits of Double Q-learning's tables. */
export const version4: readonly string[] = [
  // JSON list of the actions that the next state offers; null if unknown.
  'ALTER TABLE learning_experiences ADD COLUMN next_actions TEXT',
  // The value of an action before its first experience.
  'ALTER TABLE learning_agents ADD COLUMN initial_value REAL NOT NULL DEFAULT 0',
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
]
