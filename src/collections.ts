/** The collections of the API, which a commit names if it changed them. */
export const COLLECTIONS = [
  'agents',
  'experiences',
  'decisions',
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

/** The name of a collection, as `subscribe` takes it. @useDeclaredType */
export type Collection = (typeof COLLECTIONS)[number]
