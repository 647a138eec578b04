import { type Choice, keysOf, type SelectOptions } from '../../algorithms/choice.ts'
import { keyOf } from '../../algorithms/keys/keys.ts'
import { checkName, checkOptions } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { JsonObject, JsonValue } from '../../json-value.ts'
import { type DecisionRecord, LearningDecisionsTable } from '../../tables/learning-decisions.ts'
import { fromSqlTime, sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'
import { checkExperience, checkMetadata, type Experience, toJson } from '../core/experience.ts'
import { type LearnResult, learn } from '../core/learn.ts'

/** Options of `agent.decide`. */
export interface DecideOptions<Action = JsonValue> extends SelectOptions<Action> {
  /** A unique id, for the reward. A second decision with the same id returns the first. Default: a new UUID v7. */
  readonly id?: string
  /** The task that it belongs to. */
  readonly taskId?: string
  /** The type of the task. Default: the type of the agent. */
  readonly taskType?: string
  /** The episode that it belongs to. */
  readonly episodeId?: string
  /** Additional data, such as a trace id or a prompt; at most 16 KiB of JSON. */
  readonly metadata?: JsonObject
}

/** A recorded decision: the chosen action, and the id for its reward. */
export interface DecideResult<Action = JsonValue> {
  /** The id of the decision, and of the experience that its reward makes of it. */
  readonly id: string
  /** The chosen action. */
  readonly action: Action
  /** The probability with which the policy chose the action, in (0, 1]. */
  readonly probability: number
  /** When it was decided: ISO 8601 in UTC. */
  readonly decidedAt: string
  /** When it expires, or gets the agent's `defaultReward`: ISO 8601 in UTC; null for never. */
  readonly expiresAt: string | null
}

/** Options of `agent.reward`. */
export interface DecisionRewardOptions<State = JsonValue, Action = JsonValue> {
  /** The state after the action. */
  readonly nextState?: State
  /** The actions that the next state offers. */
  readonly nextActions?: readonly Action[]
  /** Whether the episode ended in a terminal state. Default: true without a `nextState`, else false. */
  readonly terminated?: boolean
  /** Whether the episode was cut off; the next state keeps its value. Default: false. */
  readonly truncated?: boolean
  /** Added to the metadata of the decision, together at most 16 KiB of JSON. */
  readonly metadata?: JsonObject
}

const DECIDE_OPTIONS = ['actions', 'greedy', 'id', 'taskId', 'taskType', 'episodeId', 'metadata'] as const
const REWARD_OPTIONS = ['nextState', 'nextActions', 'terminated', 'truncated', 'metadata'] as const

/**
 * Chooses an action and records the decision.
 * @param choose chooses by the agent's policy. @throws INVALID_ARGUMENT
 */
export function decide(
  core: Core,
  agentId: string,
  state: JsonValue,
  options: DecideOptions,
  choose: (options: SelectOptions) => Choice,
): DecideResult {
  const { id, taskId, taskType, episodeId, metadata, ...select } = checkOptions(options, 'the options', DECIDE_OPTIONS)
  keyOf(state, 'state')
  const decisionId = id === undefined ? core.newId() : checkName(id, 'id')
  const { rewardWithinMs } = core.learners.get(agentId)
  const now = core.now()
  const record = {
    agentId,
    decisionId,
    state: toJson(state),
    timestamp: sqlTime(now),
    expiresAt: rewardWithinMs === null ? null : sqlTime(now + rewardWithinMs),
    taskId: taskId === undefined ? null : checkName(taskId, 'taskId'),
    taskType: taskType === undefined ? null : checkName(taskType, 'taskType'),
    episodeId: episodeId === undefined ? null : checkName(episodeId, 'episodeId'),
    metadata: metadata === undefined ? null : checkMetadata(metadata),
    ...OPEN,
  }
  const table = new LearningDecisionsTable(core.connection)
  const known = id === undefined ? undefined : table.get(agentId, decisionId, record.timestamp)
  if (known) return resultOf(sameDecision(known, record.state, select.actions))
  if (id !== undefined && core.experiences.get(agentId, decisionId)) {
    const expected = 'Expected a new id of a decision'
    throw new StoreError('INVALID_ARGUMENT', `${expected}, got "${decisionId}", the id of an experience`)
  }
  return core.transaction(() => {
    const { action, probability, values } = choose(select)
    const actions = toJson(values.map((one) => one.action))
    const decided = { ...record, actions, action: toJson(action), probability }
    table.add(decided)
    if (decided.expiresAt !== null && decided.expiresAt < (core.nextExpiry ?? NEVER))
      core.nextExpiry = decided.expiresAt
    return resultOf(decided)
  })
}

/**
 * Turns a decision into an experience with its id and learns from it.
 * @throws INVALID_ARGUMENT, NOT_FOUND, ALREADY_REWARDED, DECISION_EXPIRED
 */
export function reward(
  core: Core,
  agentId: string,
  id: string,
  given: number,
  options: DecisionRewardOptions = {},
): LearnResult {
  checkOptions(options, 'the options', REWARD_OPTIONS)
  const table = new LearningDecisionsTable(core.connection)
  const timestamp = sqlTime(core.now())
  core.learners.get(agentId)
  const decision = table.get(agentId, checkName(id, 'id'), timestamp)
  if (!decision) {
    const message = `Agent "${agentId}" has no decision with the id "${id}": use an id that decide returned.`
    throw new StoreError('NOT_FOUND', message)
  }
  if (decision.status === 'expired') {
    const message = `The reward came after ${fromSqlTime(decision.expiresAt)}, when the decision expired`
    throw new StoreError('DECISION_EXPIRED', message)
  }
  const experience = experienceOf(decision, given, options)
  if (decision.status === 'rewarded') return firstResult(core, decision, experience)
  return core.transaction(() => closeWith(core, decision, experience, timestamp, false))
}

/** Learns from a decision, once. Call it inside a transaction. @throws ALREADY_REWARDED */
export function closeWith(
  core: Core,
  { agentId, decisionId }: DecisionRecord,
  experience: Experience,
  timestamp: string,
  isDefault: boolean,
): LearnResult {
  const checked = checkExperience(experience, core.defaultsOf(agentId))
  const result = learn(core, agentId, checked, { timestamp })
  if (!result.learned) throw alreadyRewarded(decisionId, 'an experience with its id')
  // JSON has no -0.
  const first = { ...result, value: result.value && result.value + 0, error: result.error && result.error + 0 }
  new LearningDecisionsTable(core.connection).close(agentId, decisionId, {
    status: 'rewarded',
    reward: checked.row.reward,
    rewardedAt: timestamp,
    isDefaultReward: Number(isDefault),
    result: JSON.stringify(first),
  })
  return first
}

/** The experience that a reward makes of a decision. */
export function experienceOf(decision: DecisionRecord, given: number, options: DecisionRewardOptions): Experience {
  const { metadata: more, ...outcome } = options
  const { taskId, taskType, episodeId } = decision
  const known = decision.metadata === null ? undefined : (JSON.parse(decision.metadata) as JsonObject)
  if (more !== undefined) checkMetadata(more)
  const metadata = more === undefined ? known : { ...known, ...more }
  return {
    id: decision.decisionId,
    state: JSON.parse(decision.state) as JsonValue,
    action: JSON.parse(decision.action) as JsonValue,
    actions: JSON.parse(decision.actions) as JsonValue[],
    behaviorProbability: decision.probability,
    reward: given,
    terminated: options.nextState === undefined && options.truncated !== true,
    ...outcome,
    ...(taskId !== null && { taskId }),
    ...(taskType !== null && { taskType }),
    ...(episodeId !== null && { episodeId }),
    ...(metadata !== undefined && { metadata }),
  }
}

/** The first result, if the reward is the same. @throws INVALID_ARGUMENT, ALREADY_REWARDED */
function firstResult(core: Core, decision: DecisionRecord, experience: Experience): LearnResult {
  const { agentId, decisionId, result } = decision
  const { row } = checkExperience(experience, core.defaultsOf(agentId))
  if (decision.isDefaultReward === 1) throw alreadyRewarded(decisionId, `the default reward ${decision.reward}`)
  if (decision.reward !== row.reward) throw alreadyRewarded(decisionId, `the reward ${decision.reward}`)
  const stored = core.experiences.get(agentId, decisionId)
  const fields = ['nextState', 'nextActions', 'terminated', 'truncated'] as const
  const other = stored && fields.find((field) => stored[field] !== row[field])
  if (other) throw alreadyRewarded(decisionId, `the same reward with another ${other}`)
  const first = JSON.parse(result ?? '{}') as LearnResult
  return { ...first, value: first.value, error: first.error }
}

/** @throws INVALID_ARGUMENT if the decision with this id was another one. */
function sameDecision(known: DecisionRecord, state: string, actions: readonly JsonValue[] | undefined): DecisionRecord {
  const offered = keysOf(JSON.parse(known.actions) as JsonValue[])
  const isSame = known.state === state && (actions === undefined || String(keysOf(actions)) === String(offered))
  if (isSame) return known
  const expected = `Expected the state and the actions of the first decision with the id "${known.decisionId}"`
  throw new StoreError('INVALID_ARGUMENT', `${expected}, got others`)
}

function resultOf(record: DecisionRecord): DecideResult {
  const { decisionId: id, action, probability, timestamp, expiresAt } = record
  const decidedAt = fromSqlTime(timestamp)
  const ends = expiresAt === null ? null : fromSqlTime(expiresAt)
  return { id, action: JSON.parse(action) as JsonValue, probability, decidedAt, expiresAt: ends }
}

function alreadyRewarded(id: string, got: string): StoreError {
  return new StoreError('ALREADY_REWARDED', `The decision "${id}" already has ${got}, and learning cannot be undone`)
}

/** After every time. */
const NEVER = '~'
const OPEN = { status: 'open', reward: null, rewardedAt: null, isDefaultReward: 0, result: null } as const
