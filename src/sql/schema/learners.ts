/**
 * The stored learner: its configuration, and what it needs to go on as if it had never stopped (the exploration rate as
 * decayed, the count of experiences, the state of the seeded generator). The `agents` of a fleet are another thing.
 */
export const learnersSchema: readonly string[] = [
  `CREATE TABLE learning_agents (
    agent_id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    learning_rate REAL NOT NULL,
    discount_factor REAL NOT NULL,
    exploration_rate REAL NOT NULL,
    exploration_decay REAL NOT NULL,
    min_exploration_rate REAL NOT NULL,
    current_exploration_rate REAL NOT NULL,
    experience_count INTEGER NOT NULL,
    random_state TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL
  )`,
]
