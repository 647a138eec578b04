/** The columns of `patterns` that formats of learned patterns have, in this order. */
export const PATTERN_COLUMNS: readonly string[] = [
  'agent_id',
  'pattern_type',
  'pattern_data',
  'confidence',
  'success_rate',
  'usage_count',
  'success_count',
  'last_used',
]
