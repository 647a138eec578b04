/** What a commit can touch: the collections of the API. */
export const COLLECTIONS = [
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

/** The name of a collection of tables, which listeners can name. @useDeclaredType */
export type Collection = (typeof COLLECTIONS)[number]
