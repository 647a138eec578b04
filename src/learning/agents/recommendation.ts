import { isLinear } from '../../algorithms/algorithms.ts'
import { borrowedValues } from '../../algorithms/borrowed-values.ts'
import { offeredKeys } from '../../algorithms/choice.ts'
import type { Interval, Range } from '../../algorithms/intervals.ts'
import { canonical, keyOf } from '../../algorithms/keys/keys.ts'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import { checkOptions, checkRange } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { fromSqlTime } from '../../tables/sql-time.ts'
import type { ValueRow } from '../../tables/values.ts'
import type { Core } from '../core/core.ts'
import type { Learner } from '../core/learners.ts'
import { type Evidence, experienceIdsOf, NO_EVIDENCE, type StateOfEvidence } from './evidence.ts'
import { intervalOf, meanRewardsIn } from './mean-rewards.ts'
import { type RatedAction, ratedByLinearModel, ratedByRewards, ratedByValues } from './rated-actions.ts'
import { type SimilarStates, similarStates } from './similar-states.ts'

export { explanationFor } from './explanation.ts'
export { valuesOfSimilarStates } from './similar-states.ts'

/** Options of `agent.recommend`. */
export interface RecommendOptions<Action = JsonValue> {
  /** The available actions: no other is recommended. Default: the actions with a value in this state. */
  readonly actions?: readonly Action[]
  /** The range of the rewards, for `interval` and `probabilityBest`. Default: that of the agent's configuration. */
  readonly rewardRange?: readonly [low: number, high: number]
}

/** One of the next best actions of a recommendation. */
export interface Alternative<Action = JsonValue> {
  /** The key of the action. */
  readonly actionKey: string
  /** The action. */
  readonly action: Action
  /** The learned value of the action, in the unit of the rewards. From similar states, the mean of theirs. */
  readonly value: number
  /** The probability that no other available action is better, in [0, 1]. */
  readonly probabilityBest: number
  /** Gower's similarity coefficient of the states that the value is from, in (0.5, 1]; 1 for the queried state itself. */
  readonly similarity: number
}

/** A recommended action for a state, with its evidence. */
export interface Recommendation<Action = JsonValue> {
  /** The key of the best known action; null if nothing was learned in this state or a similar one. */
  readonly actionKey: string | null
  /** The action itself; null if there is none. */
  readonly action: Action | null
  /** The learned value of the action, in the unit of the rewards. From similar states, the mean of theirs. */
  readonly value: number
  /**
   * 95 % confidence interval of the mean reward of the action in this state, over all stored experiences. The learned value moves
   * towards that mean from 0 and may still lie outside. Null where there is none: for fewer than two rewards, or ten if their
   * range is not known (it is with `rewardRange`, and for rewards that are all 0 or 1); if the value includes that of a next state;
   * and if the recommendation uses other states.
   */
  readonly interval: Interval | null
  /**
   * The probability that no other available action is better, in [0, 1]; 0 without an action. It can be smaller than that of an
   * alternative that was hardly tried. Exact for rewards at the ends of their range, with a uniform prior for each mean;
   * conservative for others; and a rough figure from the values of similar or next states.
   */
  readonly probabilityBest: number
  /** Gower's similarity coefficient of the states that the value is from, in (0.5, 1]; 1 for the queried state itself. */
  readonly similarity: number
  /** An explanation in English, for display. */
  readonly reasoning: string
  /** The next best actions, best first, at most three. */
  readonly alternatives: readonly Alternative<Action>[]
  /** What the recommendation is based on. */
  readonly evidence: Evidence
}

/** The available actions, if they are known. */
interface Offer {
  isOffered(row: { readonly actionKey: string }): boolean
  /** Number of available actions, 0 if they are not known. */
  readonly count: number
}

/**
 * The recommendation by the values of this state, or else of its most similar states: at most five with a similarity
 * above 0.5, among the 20,000 whose values changed last. @throws INVALID_ARGUMENT
 */
export function recommendationFor(
  core: Core,
  agentId: string,
  state: JsonValue,
  options: RecommendOptions,
): Recommendation {
  const stateKey = keyOf(state, 'state')
  const { actions, rewardRange } = checkOptions(options, 'the options', ['actions', 'rewardRange'])
  const offered = actions === undefined ? undefined : new Set(offeredKeys(actions))
  const offer: Offer = {
    isOffered: ({ actionKey }) => offered?.has(actionKey) ?? true,
    count: offered?.size ?? 0,
  }
  const range = rewardRange === undefined ? undefined : checkRange(rewardRange, 'rewardRange')
  const learner = core.learners.find(agentId)
  if (learner && isLinear(learner.algorithm)) return byLinearModel(core, learner, state, offered)
  const valued = core.valueCache.of(agentId, stateKey)
  const known = valued.filter(offer.isOffered)
  if (known.length > 0) {
    return byState(core, agentId, { state: canonical(state), stateKey, similarity: 1 }, known, offer, range)
  }
  const { near, ...others } = similarStates(core, agentId, state)
  const similar = near
    .map((one) => ({ ...one, actions: one.actions.filter(offer.isOffered) }))
    .filter((one) => one.actions.length > 0)
  if (similar.length > 0) return bySimilarStates(core, agentId, { near: similar, ...others }, offer)
  return noRecommendation({ near, ...others }, valued.length > 0 || near.length > 0)
}

function byState(
  core: Core,
  agentId: string,
  queried: StateOfEvidence,
  known: readonly ValueRow[],
  offer: Offer,
  range: Range | undefined,
): Recommendation {
  const { state } = queried
  const untried = Math.max(0, offer.count - known.length)
  const rows = known.map((row) => ({ ...row, similarity: 1 }))
  core.writePending()
  const keys = known.map(({ actionKey }) => actionKey)
  const rewards = meanRewardsIn(core, agentId, state, keys, range)
  const rated = rewards ? ratedByRewards(rows, rewards, untried) : ratedByValues(core, agentId, rows, untried)
  return recommendation(rated, `The best of ${rated.length} known: `, (best) => ({
    interval: rewards ? intervalOf(rewards, best.actionKey) : null,
    evidence: {
      from: 'this state',
      visits: best.visits,
      lastUpdated: lastUpdatedOf(known, best),
      experienceIds: experienceIdsOf(core, agentId, [state], best.actionKey),
      states: [queried],
    },
  }))
}

function byLinearModel(
  core: Core,
  learner: Learner,
  state: JsonValue,
  offered: ReadonlySet<string> | undefined,
): Recommendation {
  const { agentId } = learner
  const rated = ratedByLinearModel(core.linear().predictions(learner, state, offered && [...offered]))
  if (rated.length === 0) return noRecommendation({ near: [], nearest: undefined, compared: 0 }, offered !== undefined)
  return recommendation(rated, `The best of ${rated.length} by a linear model of the state: `, (best) => ({
    interval: null,
    evidence: {
      from: 'all states',
      visits: best.visits,
      lastUpdated: lastUpdatedOf(rated, best),
      experienceIds: experienceIdsOf(core, agentId, [canonical(state)], best.actionKey),
      states: [],
    },
  }))
}

function bySimilarStates(
  core: Core,
  agentId: string,
  { near, nearest, compared }: SimilarStates,
  offer: Offer,
): Recommendation {
  const borrowed = borrowedValues(near)
  const rated = ratedByValues(core, agentId, borrowed, Math.max(0, offer.count - borrowed.length))
  const known = `The best of ${rated.length} known in ${count(near.length, 'such state')}: `
  return recommendation(rated, `${describeNearest(nearest, compared)} ${known}`, (best) => {
    const tried = near.filter(({ actions }) => actions.some(({ actionKey }) => actionKey === best.actionKey))
    const rows = tried.flatMap(({ actions }) => actions)
    const states = tried.map(({ state }) => state)
    return {
      interval: null,
      evidence: {
        from: 'similar states',
        visits: best.visits,
        lastUpdated: lastUpdatedOf(rows, best),
        experienceIds: experienceIdsOf(core, agentId, states, best.actionKey),
        states: near.map(({ state, stateKey, similarity }) => ({ state, stateKey, similarity })),
      },
    }
  })
}

/** @param hasOthers whether other actions were tried than those that are available */
function noRecommendation({ nearest, compared }: SimilarStates, hasOthers: boolean): Recommendation {
  const reason = nearest ? `${describeNearest(nearest, compared)} That is too far.` : 'Nothing was learned yet.'
  return {
    actionKey: null,
    action: null,
    value: 0,
    interval: null,
    probabilityBest: 0,
    similarity: 0,
    alternatives: [],
    reasoning: hasOthers ? 'None of the available actions was tried in this state or a similar one.' : reason,
    evidence: NO_EVIDENCE,
  }
}

function recommendation(
  rated: readonly RatedAction[],
  reasoning: string,
  evidenceOf: (best: RatedAction) => Pick<Recommendation, 'interval' | 'evidence'>,
): Recommendation {
  const [best, ...others] = rated as readonly [RatedAction, ...RatedAction[]]
  return {
    ...alternative(best),
    reasoning: `${reasoning}value ${best.value.toFixed(3)} after ${count(best.visits, 'experience')}.`,
    alternatives: others.slice(0, 3).map(alternative),
    ...evidenceOf(best),
  }
}

function alternative({ actionKey, value, probabilityBest, similarity }: RatedAction): Alternative {
  return { actionKey, action: parseKey(actionKey), value, probabilityBest, similarity }
}

/** The latest time. Times sort as text. */
function lastUpdatedOf(
  rows: readonly Pick<ValueRow, 'actionKey' | 'lastUpdated'>[],
  { actionKey }: RatedAction,
): string | null {
  const times = rows.filter((row) => row.actionKey === actionKey).map(({ lastUpdated }) => lastUpdated)
  const last = times.toSorted().at(-1)
  return last === undefined ? null : fromSqlTime(last)
}

function describeNearest(nearest: StateOfEvidence | undefined, compared: number): string {
  const { stateKey = '', similarity = 0 } = nearest ?? {}
  const name = stateKey.length > 100 ? `${stateKey.slice(0, 100)}…` : stateKey
  const how = `${name} (similarity ${similarity.toFixed(2)} by Gower)`
  return `Nothing was learned in this state; the nearest of ${count(compared, 'seen state')} is ${how}.`
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
