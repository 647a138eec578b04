/** Schema version 6: steps of episodes that were deleted, how fields become features, and which tasks name their type. */
export const version6: readonly string[] = [
  // 1 if the next step of the episode was deleted: the episode does not go on from here.
  'ALTER TABLE learning_experiences ADD COLUMN next_deleted INTEGER',
  // The fields that do not become features by their type: a JSON object of paths to kinds.
  "ALTER TABLE learning_agents ADD COLUMN features TEXT NOT NULL DEFAULT '{}'",
  // 1 if actions share weights by their own features.
  'ALTER TABLE learning_agents ADD COLUMN action_features INTEGER NOT NULL DEFAULT 0',
  // The type of the tasks whose states do not name their type; empty before the first task. That of the oldest stored task, for agents
  // that learned from tasks before.
  "ALTER TABLE learning_agents ADD COLUMN default_task_type TEXT NOT NULL DEFAULT ''",
  `UPDATE learning_agents SET default_task_type = coalesce((SELECT task_type FROM learning_experiences AS e
    WHERE e.agent_id = learning_agents.agent_id AND json_valid(state) AND json_type(state, '$.attempts') IS NOT NULL
    ORDER BY id LIMIT 1), '')`,
]
