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

/** The name of a family of tables, which listeners can name. @useDeclaredType */
export type Family = (typeof FAMILIES)[number]
