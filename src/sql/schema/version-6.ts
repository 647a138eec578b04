/** Schema version 6: steps of episodes that were deleted, and how the fields of states and actions become features. */
export const version6: readonly string[] = [
  // 1 if the next step of the episode was deleted: the episode does not go on from here.
  'ALTER TABLE learning_experiences ADD COLUMN next_deleted INTEGER',
]
