import { expect, test } from 'vitest'
import { type Verdict, verdictOf } from '../../src/algorithms/quorum.ts'

test.each<[number, number, number, number | null, Verdict]>([
  [0, 0, 2, 3, 'pending'],
  [1, 1, 2, 3, 'pending'],
  [2, 0, 2, 3, 'approved'],
  [2, 1, 2, 3, 'approved'],
  [0, 2, 2, 3, 'rejected'],
  [1, 2, 2, 3, 'rejected'],
  [0, 1, 3, 3, 'rejected'],
  [0, 1000, 2, null, 'pending'],
  [1, 1000, 1, null, 'approved'],
])('%i for and %i against, quorum %i of %s voters: %s', (approvals, rejections, quorum, voters, verdict) => {
  expect(verdictOf(approvals, rejections, quorum, voters)).toBe(verdict)
})
