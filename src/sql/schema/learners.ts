/**
 * Learning agents: their configuration and progress (decayed exploration rate, number of experiences, state of the seeded generator),
 * so that learning continues where it stopped. Not to be confused with the `agents` of a fleet.
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
