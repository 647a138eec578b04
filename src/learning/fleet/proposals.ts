import { verdictOf } from '../../algorithms/quorum.ts'
import { checkBoolean, checkName, checkOptions, invalid } from '../../checks.ts'
import { PROPOSALS, type Proposal, type ProposalStatus } from '../../tables/coordination.ts'
import type { Core } from '../core/core.ts'
import { DEFAULT_LIFETIMES, expiryOf } from '../records/lifetimes.ts'
import { type NewRecord, Records } from '../records/records.ts'

/** @inline */
type Needed = 'decision' | 'proposer' | 'quorum'
/** @inline */
type Told = 'voters' | 'ttl'
type Amending = 'decision' | 'quorum' | 'voters'

/** A proposal to vote on. */
export type NewProposal = NewRecord<Proposal, Needed, Told>

/** The vote of one agent. */
export interface Vote {
  readonly agentId: string
  /** Whether it is in favour. */
  readonly approve: boolean
}

/** What a vote came to. */
export interface VoteResult {
  /** Whether it counts: not where this agent has voted before, nor where it is decided or expired. */
  readonly counted: boolean
  readonly status: ProposalStatus
  readonly version: number
}

/**
 * What agents vote on. Approved once the quorum is in favour; rejected once it can no longer be reached, where it is known how
 * many may vote. One that expired is told
 * to who votes on it, and to nobody else. To amend a pending one begins the vote anew.
 */
export class Proposals extends Records<Proposal, Needed, Told, Amending, 'proposer' | 'status'> {
  constructor(core: Core) {
    super(core, PROPOSALS, {
      what: 'a proposal',
      needed: ['decision', 'proposer', 'quorum'],
      defaults: { voters: null, ttl: DEFAULT_LIFETIMES.consensus },
      changing: ['decision', 'quorum', 'voters'],
      made: ({ ttl, quorum, voters }, now) => {
        checkQuorum(quorum, voters)
        return { ...OPEN, version: 1, expiresAt: expiryOf(ttl, now), createdAt: now }
      },
      changed: (before, changes) => amended(before, { ...before, ...changes }),
    })
  }

  /** Counts a vote, once for each agent. Undefined where there is no such proposal. @throws INVALID_ARGUMENT */
  vote(id: string, vote: Vote): VoteResult | undefined {
    const { agentId, approve } = checkOptions(vote, 'a vote', ['agentId', 'approve'])
    checkName(agentId, 'agentId')
    checkBoolean(approve, 'approve')
    let counted = false
    const after = this.change(id, (before) => {
      const { votes, rejections, quorum, voters, status, version } = before
      counted = status === 'pending' && ![...votes, ...rejections].includes(agentId)
      if (!counted) return {}
      const cast = approve
        ? { votes: [...votes, agentId], rejections }
        : { votes, rejections: [...rejections, agentId] }
      const verdict = verdictOf(cast.votes.length, cast.rejections.length, quorum, voters)
      return { ...cast, status: verdict, version: version + 1 }
    })
    if (after) return { counted, status: after.status, version: after.version }
    const expired = this.expired(id)
    return expired && { counted, status: 'expired', version: expired.version }
  }
}

const OPEN = { votes: [], rejections: [], status: 'pending' } as const

function amended(before: Proposal, after: Proposal): Partial<Proposal> {
  const fields = ['decision', 'quorum', 'voters'] as const
  if (fields.every((field) => before[field] === after[field])) return {}
  if (before.status !== 'pending') throw invalid('the proposal', 'pending to be amended', before.status)
  checkQuorum(after.quorum, after.voters)
  return { ...OPEN, version: before.version + 1 }
}

function checkQuorum(quorum: number, voters: number | null): void {
  if (quorum < 1 || (voters !== null && quorum > voters)) {
    throw invalid('quorum', voters === null ? 'at least 1' : `from 1 to ${voters}, the number of voters`, quorum)
  }
}
