/** Schema version 4: the range of an agent's rewards. */
export const version4: readonly string[] = [
  // The least and the greatest possible reward; both null if unknown.
  'ALTER TABLE learning_agents ADD COLUMN reward_low REAL',
  'ALTER TABLE learning_agents ADD COLUMN reward_high REAL',
]
