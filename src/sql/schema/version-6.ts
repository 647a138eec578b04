/** Schema version 6: steps of episodes that were deleted, and how the fields of states and actions become features. */
export const version6: readonly string[] = [
  // 1 if the next step of the episode was deleted: the episode does not go on from here.
  'ALTER TABLE learning_experiences ADD COLUMN next_deleted INTEGER',
  // The fields that do not become features by their type: a JSON object of paths to kinds.
  "ALTER TABLE learning_agents ADD COLUMN features TEXT NOT NULL DEFAULT '{}'",
  // 1 if actions share weights by their own features.
  'ALTER TABLE learning_agents ADD COLUMN action_features INTEGER NOT NULL DEFAULT 0',
]
