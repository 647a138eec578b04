/** Schema version 5: what agents do in states that they have not seen. */
export const version5: readonly string[] = [
  "ALTER TABLE learning_agents ADD COLUMN unseen_states TEXT NOT NULL DEFAULT 'auto'",
]
