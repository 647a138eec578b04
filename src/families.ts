/** What a commit can touch: the families of the API. */
export const FAMILIES = [
  'agents',
  'experiences',
  'values',
  'executionPatterns',
  'patterns',
  'learningHistory',
  'learningMetrics',
  'preferences',
  'metrics',
  'memory',
  'fleet',
  'testPatterns',
] as const

export type Family = (typeof FAMILIES)[number]
