import { StoreError } from '../../errors.ts'
import type { Algorithm, LearnerRow } from '../../tables/learners.ts'

/** The rule by which an agent learns a table of values. @throws INVALID_ARGUMENT for an agent that fits lines instead. */
export function tabular({ agentId, algorithm }: Pick<LearnerRow, 'agentId' | 'algorithm'>): TabularAlgorithm {
  if (algorithm !== 'lin-ucb') return algorithm
  const expected = 'Expected an agent that learns a table of values for this'
  throw new StoreError('INVALID_ARGUMENT', `${expected}, got "${agentId}" with lin-ucb`)
}

export type TabularAlgorithm = Exclude<Algorithm, 'lin-ucb'>
