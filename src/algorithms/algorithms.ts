/** The rules by which an agent can learn a table of values, by state and action. */
export const TABULAR_ALGORITHMS = ['q-learning', 'sarsa', 'expected-sarsa', 'double-q-learning'] as const
/** The rules by which an agent can learn a linear model of rewards, by features of the state. */
export const LINEAR_ALGORITHMS = ['lin-ucb', 'lin-ts', 'linear'] as const
/** The rules by which an agent can learn. */
export const ALGORITHMS: readonly [...typeof TABULAR_ALGORITHMS, ...typeof LINEAR_ALGORITHMS] = [
  ...TABULAR_ALGORITHMS,
  ...LINEAR_ALGORITHMS,
]

/** The rule by which an agent learns a table of values. */
export type TabularAlgorithm = (typeof TABULAR_ALGORITHMS)[number]
/** The rule by which an agent learns a linear model. */
export type LinearAlgorithm = (typeof LINEAR_ALGORITHMS)[number]
/** The rule by which an agent learns. @useDeclaredType */
export type Algorithm = (typeof ALGORITHMS)[number]

/** Whether the linear model of an algorithm consists of sums that add. */
export function hasExactModel(algorithm: Algorithm): boolean {
  return algorithm === 'lin-ucb' || algorithm === 'lin-ts'
}

export function isLinear(algorithm: Algorithm): algorithm is LinearAlgorithm {
  const names: readonly string[] = LINEAR_ALGORITHMS
  return names.includes(algorithm)
}
