/** How a proposal stands. */
export type Verdict = 'pending' | 'approved' | 'rejected'

/**
 * `approved` once as many distinct voters as the quorum asks for are in favour; `rejected` once so many are against that the
 * others can no longer make it up. How many may vote has to be known for that: with null nothing is rejected.
 */
export function verdictOf(approvals: number, rejections: number, quorum: number, voters: number | null): Verdict {
  if (approvals >= quorum) return 'approved'
  return voters !== null && voters - rejections < quorum ? 'rejected' : 'pending'
}
