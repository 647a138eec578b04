import { checkJsonFilter, type JsonFilter } from '../../algorithms/json-filter.ts'
import { checkCount, checkName, checkOneOf, checkOptions } from '../../checks.ts'
import type { JsonObject, JsonValue } from '../../json-value.ts'
import { DECISION_STATUSES, type DecisionStatus } from '../../tables/decision-counts.ts'
import { type DecisionCriteria, type DecisionRecord, LearningDecisionsTable } from '../../tables/learning-decisions.ts'
import { fromSqlTime, sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'

export type { DecisionStatus }

/** A recorded decision, with its reward as far as it came. */
export interface Decision<State = JsonValue, Action = JsonValue> {
  /** The id of the decision, and of the experience that its reward makes of it. */
  readonly id: string
  /** The agent that decided. */
  readonly agentId: string
  /** The state that it decided in. */
  readonly state: State
  /** The actions that were offered. */
  readonly actions: readonly Action[]
  /** The chosen action. */
  readonly action: Action
  /** The probability with which the policy chose the action, in (0, 1]. */
  readonly probability: number
  /** When it was decided: ISO 8601 in UTC. */
  readonly decidedAt: string
  /** When it expires, or gets the agent's `defaultReward`: ISO 8601 in UTC; null for never. */
  readonly expiresAt: string | null
  /** The task that it belongs to, or null. */
  readonly taskId: string | null
  /** The type of the task; null for the type of the agent. */
  readonly taskType: string | null
  /** The episode that it belongs to, or null. */
  readonly episodeId: string | null
  /** What the caller recorded with it; null if nothing. */
  readonly metadata: JsonObject | null
  /** `open` until its reward comes; `expired` if none came in time, and the agent has no default. */
  readonly status: DecisionStatus
  /** The reward; null as long as there is none. */
  readonly reward: number | null
  /** When the reward came: ISO 8601 in UTC; null as long as there is none. */
  readonly rewardedAt: string | null
  /** Whether the reward is the agent's `defaultReward`, because none came in time. */
  readonly isDefaultReward: boolean
}

/** Filters of decisions; all given filters must match. */
export interface DecisionFilterOptions {
  /** Only decisions of this agent. */
  readonly agentId?: string
  /** Only decisions with this status. */
  readonly status?: DecisionStatus
  /** Only decisions whose metadata satisfies this. */
  readonly metadata?: JsonFilter
}

/** Options of `decisions.list`. */
export interface ListDecisionsOptions extends DecisionFilterOptions {
  /** Maximum number of decisions. Default: 100. */
  readonly limit?: number
  /** Number of decisions to skip. Default: 0. */
  readonly offset?: number
}

const FILTERS = ['agentId', 'status', 'metadata'] as const

/** The decisions of all agents. */
export class Decisions {
  readonly #core: Core
  readonly #table: LearningDecisionsTable

  constructor(core: Core) {
    this.#core = core
    this.#table = new LearningDecisionsTable(core.connection)
  }

  /**
   * Returns one decision of an agent.
   *
   * @returns undefined if the agent has none with this id.
   * @throws INVALID_ARGUMENT
   */
  get(agentId: string, id: string): Decision | undefined {
    const record = this.#table.get(checkName(agentId, 'agent id'), checkName(id, 'id'), this.#now())
    return record && toDecision(record)
  }

  /**
   * Lists decisions that match the filters.
   *
   * @returns newest first.
   * @throws INVALID_ARGUMENT
   */
  list(options: ListDecisionsOptions = {}): Decision[] {
    const fields = [...FILTERS, 'limit', 'offset'] as const
    const { limit = 100, offset = 0, ...filters } = checkOptions(options, 'the options', fields)
    const page = [checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0)] as const
    return this.#table.list(criteriaOf(filters), this.#now(), ...page).map(toDecision)
  }

  /**
   * Counts the decisions that match the filters.
   *
   * @throws INVALID_ARGUMENT
   */
  count(options: DecisionFilterOptions = {}): number {
    return this.#table.count(criteriaOf(checkOptions(options, 'the options', FILTERS)), this.#now())
  }

  #now(): string {
    return sqlTime(this.#core.now())
  }
}

function criteriaOf({ agentId, status, metadata }: DecisionFilterOptions): DecisionCriteria {
  return {
    agentId: agentId === undefined ? null : checkName(agentId, 'agentId'),
    status: status === undefined ? null : checkOneOf(status, 'status', DECISION_STATUSES),
    metadata: metadata === undefined ? null : checkJsonFilter(metadata, 'metadata'),
  }
}

function toDecision(record: DecisionRecord): Decision {
  const { decisionId, state, actions, action, timestamp, expiresAt, metadata, rewardedAt, result: _, ...rest } = record
  return {
    ...rest,
    id: decisionId,
    state: JSON.parse(state) as JsonValue,
    actions: JSON.parse(actions) as JsonValue[],
    action: JSON.parse(action) as JsonValue,
    decidedAt: fromSqlTime(timestamp),
    expiresAt: expiresAt === null ? null : fromSqlTime(expiresAt),
    metadata: metadata === null ? null : (JSON.parse(metadata) as JsonObject),
    rewardedAt: rewardedAt === null ? null : fromSqlTime(rewardedAt),
    isDefaultReward: record.isDefaultReward === 1,
  }
}
