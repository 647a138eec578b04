/** User preferences by type, with weights. */
export const preferencesSchema: readonly string[] = [
  `CREATE TABLE user_preferences (
    id INTEGER PRIMARY KEY,
    preference_type TEXT,
    preference_value TEXT,
    weight REAL,
    usage_count INTEGER,
    last_used REAL
  )`,
  `CREATE INDEX user_preferences_by_preference_type_preference_value
    ON user_preferences (preference_type, preference_value)`,
]
