import { verdictOf } from '../../algorithms/quorum.ts'
import { checkBoolean, checkName, checkOptions, invalid } from '../../checks.ts'
import { PROPOSALS, type Proposal, type ProposalStatus } from '../../tables/coordination.ts'
import type { Core } from '../core/core.ts'
import { DEFAULT_LIFETIMES, expiryOf } from '../records/lifetimes.ts'
import { type NewRecord, Records } from '../records/records.ts'

/** @inline */
type RequiredKeys = 'decision' | 'proposer' | 'quorum'
/** @inline */
type OptionalKeys = 'voters' | 'ttlMs'
type MutableKeys = 'decision' | 'quorum' | 'voters'

/** A proposal to vote on. */
export type NewProposal = NewRecord<Proposal, RequiredKeys, OptionalKeys>

/** The vote of one agent. */
export interface Vote {
  /** The agent that votes. */
  readonly agentId: string
  /** Whether it votes in favor. */
  readonly approve: boolean
}

/** Result of a vote. */
export interface VoteResult {
  /** Whether the vote was counted; not if the agent has voted before, or the proposal is decided or expired. */
  readonly counted: boolean
  /** The status of the proposal after the vote. */
  readonly status: ProposalStatus
  /** The version of the proposal, which each counted vote and each amendment increments. */
  readonly version: number
}

/**
 * Proposals that agents vote on. A proposal is approved once the quorum is in favor, and rejected once the quorum can
 * no longer be reached, if the number of voters is known. Updating a pending proposal restarts its vote. Only `vote`
 * reports expired proposals.
 */
export class Proposals extends Records<Proposal, RequiredKeys, OptionalKeys, MutableKeys, 'proposer' | 'status'> {
  constructor(core: Core) {
    super(core, PROPOSALS, {
      what: 'a proposal',
      required: ['decision', 'proposer', 'quorum'],
      defaults: { voters: null, ttlMs: DEFAULT_LIFETIMES.consensus },
      mutable: ['decision', 'quorum', 'voters'],
      create: ({ ttlMs, quorum, voters }, now) => {
        checkQuorum(quorum, voters)
        return { ...OPEN, version: 1, expiresAt: expiryOf(ttlMs, now), createdAt: now }
      },
      update: (before, changes) => amended(before, { ...before, ...changes }),
    })
  }

  /**
   * Votes on a proposal. Each agent has one vote.
   *
   * @returns undefined if there is no proposal with this id.
   * @throws INVALID_ARGUMENT
   */
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
