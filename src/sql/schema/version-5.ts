/** Schema version 5: eligibility traces, and what agents do in states that they have not seen. */
export const version5: readonly string[] = [
  // Decay of eligibility traces, lambda; 0: an agent without traces.
  'ALTER TABLE learning_agents ADD COLUMN trace_decay REAL NOT NULL DEFAULT 0',
  // Whether the steps before an experience have a trace after it: 0 if it was an exploratory action of Q-learning, which cuts them; null
  // if it was learned without traces, or only recorded. The values that an action was greedy by are not stored.
  'ALTER TABLE learning_experiences ADD COLUMN keeps_traces INTEGER',
  // Whether a state without values has those of similar states.
  "ALTER TABLE learning_agents ADD COLUMN unseen_states TEXT NOT NULL DEFAULT 'auto'",
]
