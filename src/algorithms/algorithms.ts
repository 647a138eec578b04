/** The rules by which an agent can learn. `lin-ucb` learns a linear model of the state, the others a table of values. */
export const ALGORITHMS = ['q-learning', 'sarsa', 'expected-sarsa', 'double-q-learning', 'lin-ucb'] as const

/** The rule by which an agent learns. @useDeclaredType */
export type Algorithm = (typeof ALGORITHMS)[number]
