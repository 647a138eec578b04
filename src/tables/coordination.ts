import type { JsonValue } from '../json-value.ts'
import { type Shape, UNTIL_EXPIRY } from './record-table.ts'

/** The state of a workflow. */
export interface Workflow {
  readonly id: string
  readonly step: string
  readonly status: string
  readonly checkpoint: JsonValue
  /** Hash of the work item, as the caller passed it. */
  readonly sha: string
  /** Lifetime since the last change, in ms; 0 means forever. */
  readonly ttlMs: number
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  /** ISO 8601 in UTC. */
  readonly updatedAt: string
}

/** The status of a proposal. */
export type ProposalStatus = 'pending' | 'approved' | 'rejected' | 'expired'

/** A proposal that agents vote on. */
export interface Proposal {
  readonly id: string
  readonly decision: string
  readonly proposer: string
  /** Ids of the agents in favor, in the order of their votes. */
  readonly votes: readonly string[]
  /** Ids of the agents against, in the order of their votes. */
  readonly rejections: readonly string[]
  /** Number of votes in favor for approval. */
  readonly quorum: number
  /** Number of agents that may vote; null if unknown. */
  readonly voters: number | null
  readonly status: ProposalStatus
  /** Version number, incremented by every counted vote and every amendment. */
  readonly version: number
  /** Lifetime in ms; 0 means forever. */
  readonly ttlMs: number
  /** ISO 8601 in UTC. */
  readonly expiresAt: string | null
  /** ISO 8601 in UTC. */
  readonly createdAt: string
}

/** A goal: conditions to reach. */
export interface Goal {
  readonly id: string
  readonly conditions: JsonValue
  readonly cost: number
  readonly priority: string | null
  /** ISO 8601 in UTC. */
  readonly createdAt: string
}

/** An action for plans: preconditions and effects. */
export interface GoalAction {
  readonly id: string
  readonly preconditions: JsonValue
  readonly effects: JsonValue
  readonly cost: number
  /** Type of the agents that can execute it; null for any. */
  readonly agentType: string | null
  /** ISO 8601 in UTC. */
  readonly createdAt: string
}

/** A plan: a sequence of actions towards a goal. */
export interface GoalPlan {
  readonly id: string
  readonly goalId: string
  /** Ids of the actions, in order. */
  readonly sequence: readonly string[]
  readonly totalCost: number
  /** ISO 8601 in UTC. */
  readonly createdAt: string
}

/** A phase of an OODA cycle. */
export type OodaPhase = 'observe' | 'orient' | 'decide' | 'act'

/** A cycle of observing, orienting, deciding and acting. */
export interface OodaCycle {
  readonly id: string
  readonly phase: OodaPhase
  readonly observations: JsonValue
  readonly orientation: JsonValue
  readonly decision: JsonValue
  readonly action: JsonValue
  /** Start of the cycle, ISO 8601 in UTC. */
  readonly timestamp: string
  readonly completed: boolean
  readonly result: JsonValue
}

const NEWEST_FIRST = 'created_at DESC, rowid DESC'

export const WORKFLOWS: Shape<Workflow, 'step' | 'status' | 'sha'> = {
  table: 'workflow_state',
  columns: {
    id: 'name',
    step: 'name',
    status: 'name',
    checkpoint: 'json',
    sha: 'text',
    ttlMs: 'lifetime',
    createdAt: 'epoch',
    updatedAt: 'epoch',
  },
  filters: ['step', 'status', 'sha'],
  order: NEWEST_FIRST,
  alive: 'ttl = 0 OR updated_at + ttl * 1000 > ?',
}

export const PROPOSALS: Shape<Proposal, 'proposer' | 'status'> = {
  table: 'consensus_state',
  columns: {
    id: 'name',
    decision: 'name',
    proposer: 'name',
    votes: 'names',
    rejections: 'names',
    quorum: 'count',
    voters: 'count?',
    status: ['pending', 'approved', 'rejected', 'expired'],
    version: 'count',
    ttlMs: 'lifetime',
    expiresAt: 'epoch?',
    createdAt: 'epoch',
  },
  filters: ['proposer', 'status'],
  order: NEWEST_FIRST,
  alive: UNTIL_EXPIRY,
}

export const GOALS: Shape<Goal, 'priority'> = {
  table: 'goap_goals',
  columns: { id: 'name', conditions: 'json', cost: 'count', priority: 'name?', createdAt: 'epoch' },
  filters: ['priority'],
  order: NEWEST_FIRST,
}

export const ACTIONS: Shape<GoalAction, 'agentType'> = {
  table: 'goap_actions',
  columns: {
    id: 'name',
    preconditions: 'json',
    effects: 'json',
    cost: 'count',
    agentType: 'name?',
    createdAt: 'epoch',
  },
  filters: ['agentType'],
  order: NEWEST_FIRST,
}

export const PLANS: Shape<GoalPlan, 'goalId'> = {
  table: 'goap_plans',
  columns: { id: 'name', goalId: 'name', sequence: 'names', totalCost: 'count', createdAt: 'epoch' },
  filters: ['goalId'],
  order: NEWEST_FIRST,
}

export const CYCLES: Shape<OodaCycle, 'phase' | 'completed'> = {
  table: 'ooda_cycles',
  columns: {
    id: 'name',
    phase: ['observe', 'orient', 'decide', 'act'],
    observations: 'json?',
    orientation: 'json?',
    decision: 'json?',
    action: 'json?',
    timestamp: 'epoch',
    completed: 'flag',
    result: 'json?',
  },
  filters: ['phase', 'completed'],
  order: 'timestamp DESC, rowid DESC',
}
