import type { JsonValue } from '../json-value.ts'
import { type Shape, UNTIL_EXPIRY } from './record-table.ts'

/** How far a workflow is. */
export interface Workflow {
  readonly id: string
  readonly step: string
  readonly status: string
  readonly checkpoint: JsonValue
  /** Of what it works on, as its caller tells it. */
  readonly sha: string
  /** In seconds since it was changed last; 0 stands for ever. */
  readonly ttl: number
  /** ms since the epoch. */
  readonly createdAt: number
  /** ms since the epoch. */
  readonly updatedAt: number
}

/** How far a proposal is. */
export type ProposalStatus = 'pending' | 'approved' | 'rejected' | 'expired'

/** What agents vote on. */
export interface Proposal {
  readonly id: string
  readonly decision: string
  readonly proposer: string
  /** Who is in favour, in the order of their votes. */
  readonly votes: readonly string[]
  /** Who is against, in the order of their votes. */
  readonly rejections: readonly string[]
  /** How many have to be in favour. */
  readonly quorum: number
  /** How many may vote; null where that is not known. */
  readonly voters: number | null
  readonly status: ProposalStatus
  /** Raised by one by every vote that counts and every amendment. */
  readonly version: number
  /** In seconds; 0 stands for ever. */
  readonly ttl: number
  /** ms since the epoch. */
  readonly expiresAt: number | null
  /** ms since the epoch. */
  readonly createdAt: number
}

/** A state of the world to reach. */
export interface Goal {
  readonly id: string
  readonly conditions: JsonValue
  readonly cost: number
  readonly priority: string | null
  /** ms since the epoch. */
  readonly createdAt: number
}

/** What can be done towards a goal. */
export interface GoalAction {
  readonly id: string
  readonly preconditions: JsonValue
  readonly effects: JsonValue
  readonly cost: number
  /** Which agents can; null for any. */
  readonly agentType: string | null
  /** ms since the epoch. */
  readonly createdAt: number
}

/** Actions that lead to a goal. */
export interface GoalPlan {
  readonly id: string
  readonly goalId: string
  /** The ids of the actions, in their order. */
  readonly sequence: readonly string[]
  readonly totalCost: number
  /** ms since the epoch. */
  readonly createdAt: number
}

/** The phases of a cycle, in their order. */
export type OodaPhase = 'observe' | 'orient' | 'decide' | 'act'

/** A turn of observing, orienting, deciding and acting. */
export interface OodaCycle {
  readonly id: string
  readonly phase: OodaPhase
  readonly observations: JsonValue
  readonly orientation: JsonValue
  readonly decision: JsonValue
  readonly action: JsonValue
  /** When it began, in ms since the epoch. */
  readonly timestamp: number
  readonly completed: boolean
  readonly result: JsonValue
}

const NEWEST_FIRST = 'created_at DESC, rowid DESC'

export const WORKFLOWS: Shape<Workflow, 'step' | 'status' | 'sha'> = {
  table: 'workflow_state',
  columns: {
    ...({ id: 'name', step: 'name', status: 'name', checkpoint: 'json', sha: 'text' } as const),
    ...({ ttl: 'lifetime', createdAt: 'count', updatedAt: 'count' } as const),
  },
  filters: ['step', 'status', 'sha'],
  order: NEWEST_FIRST,
  alive: 'ttl = 0 OR updated_at + ttl * 1000 > ?',
}

export const PROPOSALS: Shape<Proposal, 'proposer' | 'status'> = {
  table: 'consensus_state',
  columns: {
    ...({ id: 'name', decision: 'name', proposer: 'name', votes: 'names', rejections: 'names' } as const),
    ...({ quorum: 'count', voters: 'count?' } as const),
    status: ['pending', 'approved', 'rejected', 'expired'],
    ...({ version: 'count', ttl: 'lifetime', expiresAt: 'count?', createdAt: 'count' } as const),
  },
  filters: ['proposer', 'status'],
  order: NEWEST_FIRST,
  alive: UNTIL_EXPIRY,
}

export const GOALS: Shape<Goal, 'priority'> = {
  table: 'goap_goals',
  columns: { id: 'name', conditions: 'json', cost: 'count', priority: 'name?', createdAt: 'count' },
  filters: ['priority'],
  order: NEWEST_FIRST,
}

export const ACTIONS: Shape<GoalAction, 'agentType'> = {
  table: 'goap_actions',
  columns: {
    ...({ id: 'name', preconditions: 'json', effects: 'json', cost: 'count' } as const),
    ...({ agentType: 'name?', createdAt: 'count' } as const),
  },
  filters: ['agentType'],
  order: NEWEST_FIRST,
}

export const PLANS: Shape<GoalPlan, 'goalId'> = {
  table: 'goap_plans',
  columns: { id: 'name', goalId: 'name', sequence: 'names', totalCost: 'count', createdAt: 'count' },
  filters: ['goalId'],
  order: NEWEST_FIRST,
}

export const CYCLES: Shape<OodaCycle, 'phase' | 'completed'> = {
  table: 'ooda_cycles',
  columns: {
    id: 'name',
    phase: ['observe', 'orient', 'decide', 'act'],
    ...({ observations: 'json?', orientation: 'json?', decision: 'json?', action: 'json?' } as const),
    ...({ timestamp: 'count', completed: 'flag', result: 'json?' } as const),
  },
  filters: ['phase', 'completed'],
  order: 'timestamp DESC, rowid DESC',
}
