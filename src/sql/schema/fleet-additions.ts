/** What voting needs besides the printed columns. `votes` lists who is in favour, as in agentic-qe. */
export const fleetAdditions: readonly string[] = [
  // A JSON list of who is against; null stands for nobody.
  'ALTER TABLE consensus_state ADD COLUMN rejections TEXT',
  // How many may vote; null where that was not told.
  'ALTER TABLE consensus_state ADD COLUMN voters INTEGER',
]
