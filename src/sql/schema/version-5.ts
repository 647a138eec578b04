/** Schema version 5: eligibility traces, what agents do in states that they have not seen, and linear models. */
export const version5: readonly string[] = [
  // Decay of eligibility traces, lambda; 0: an agent without traces.
  'ALTER TABLE learning_agents ADD COLUMN trace_decay REAL NOT NULL DEFAULT 0',
  // Whether the steps before an experience have a trace after it: 0 if it was an exploratory action of Q-learning, which cuts them; null
  // if it was learned without traces, or only recorded. The values that an action was greedy by are not stored.
  'ALTER TABLE learning_experiences ADD COLUMN keeps_traces INTEGER',
  // Whether a state without values has those of similar states.
  "ALTER TABLE learning_agents ADD COLUMN unseen_states TEXT NOT NULL DEFAULT 'auto'",
  // The linear model of an agent after the experience with this row id: derived data, written with snapshots and not logged.
  `CREATE TABLE linear_models (
    agent_id TEXT PRIMARY KEY NOT NULL,
    through INTEGER NOT NULL,
    model BLOB NOT NULL
  )`,
  // 1 if an agent with a linear model learned from the experience, so that the model can be derived again.
  'ALTER TABLE learning_experiences ADD COLUMN learned INTEGER',
  `UPDATE learning_experiences SET learned = 1
    WHERE agent_id IN (SELECT agent_id FROM learning_agents WHERE algorithm = 'lin-ucb')`,
]
