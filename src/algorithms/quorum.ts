/** The state of a vote. */
export type Verdict = 'pending' | 'approved' | 'rejected'

/**
 * The verdict of a vote: `approved` once the approvals reach the quorum, `rejected` once they no longer can.
 * @param approvals number of distinct voters in favor. @param rejections number of distinct voters against.
 * @param voters number of agents that may vote; with null no vote is rejected.
 */
export function verdictOf(approvals: number, rejections: number, quorum: number, voters: number | null): Verdict {
  if (approvals >= quorum) return 'approved'
  return voters !== null && voters - rejections < quorum ? 'rejected' : 'pending'
}
