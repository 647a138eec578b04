import { borrowedValues } from '../../algorithms/borrowed-values.ts'
import { canonical, keyOf } from '../../algorithms/keys/keys.ts'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import { valueConfidence } from '../../algorithms/value-confidence.ts'
import type { JsonValue } from '../../json-value.ts'
import { fromSqlTime } from '../../tables/sql-time.ts'
import type { ValueRow } from '../../tables/values.ts'
import type { Core } from '../core/core.ts'
import { predictions } from '../core/linear-arms.ts'
import {
  type Evidence,
  evidenceOfSimilarStates,
  evidenceOfState,
  NO_EVIDENCE,
  type StateOfEvidence,
} from './evidence.ts'
import { type SimilarStates, similarStates } from './similar-states.ts'

/** One of the next best actions of a recommendation. */
export interface Alternative {
  /** The key of the action. */
  readonly actionKey: string
  /** The action. */
  readonly action: JsonValue
  /** The confidence in the action, in [0, 1]. */
  readonly confidence: number
}

/** A recommended action for a state, with its evidence. */
export interface Recommendation {
  /** The key of the best known action; null if nothing was learned in this state or a similar one. */
  readonly actionKey: string | null
  /** The action itself; null if there is none. */
  readonly action: JsonValue
  /** The confidence in the action, in [0, 1]: (value + 2) / 4, clamped. From similar states, times their similarity. */
  readonly confidence: number
  /** The learned value of the action, in the unit of the rewards. From similar states, the mean of theirs. */
  readonly value: number
  /** An explanation in English, for display. */
  readonly reasoning: string
  /** The next best actions, best first, at most three. */
  readonly alternatives: readonly Alternative[]
  /** What the recommendation is based on. */
  readonly evidence: Evidence
}

/** An action with its value, and the similarity of the state that the value is from. */
interface Rated {
  readonly actionKey: string
  readonly value: number
  readonly visits: number
  readonly similarity: number
}

/**
 * The recommendation by the values of this state, or else of its most similar states: at most five with a similarity
 * above 0.5, among the 500 before and the 500 after it in the order of keys. @throws INVALID_ARGUMENT
 */
export function recommendationFor(core: Core, agentId: string, state: JsonValue): Recommendation {
  const stateKey = keyOf(state, 'state')
  if (core.learners.find(agentId)?.algorithm === 'lin-ucb') return byLinearModel(core, agentId, state)
  const known = core.valueCache.of(agentId, stateKey)
  if (known.length > 0) return byState(core, agentId, { state: canonical(state), stateKey, similarity: 1 }, known)
  const similar = similarStates(core, agentId, state, stateKey)
  return similar.near.length > 0 ? bySimilarStates(core, agentId, similar) : noRecommendation(similar)
}

function byState(core: Core, agentId: string, queried: StateOfEvidence, known: readonly ValueRow[]): Recommendation {
  const ranked = rank(known.map((row) => ({ ...row, similarity: 1 })))
  return recommendation(ranked, `The best of ${ranked.length} known: `, (best) => ({
    from: 'this state',
    visits: best.visits,
    lastUpdated: lastUpdatedOf(known, best),
    states: [queried],
    ...evidenceOfState(core, agentId, queried.state, best.actionKey),
  }))
}

function byLinearModel(core: Core, agentId: string, state: JsonValue): Recommendation {
  const known = predictions(core, agentId, state)
  if (known.length === 0) return noRecommendation({ near: [], nearest: undefined, compared: 0 })
  const ranked = rank(known.map((row) => ({ ...row, similarity: 1 })))
  return recommendation(ranked, `The best of ${ranked.length} by a linear model of the state: `, (best) => {
    const { experienceIds } = evidenceOfState(core, agentId, canonical(state), best.actionKey)
    const lastUpdated = lastUpdatedOf(known, best)
    return { from: 'all states', visits: best.visits, lastUpdated, interval: null, experienceIds, states: [] }
  })
}

function bySimilarStates(core: Core, agentId: string, { near, nearest, compared }: SimilarStates): Recommendation {
  const ranked = rank(borrowedValues(near))
  const known = `The best of ${ranked.length} known in ${count(near.length, 'such state')}: `
  return recommendation(ranked, `${describeNearest(nearest, compared)} ${known}`, (best) => {
    const tried = near.filter(({ actions }) => actions.some(({ actionKey }) => actionKey === best.actionKey))
    const rows = tried.flatMap(({ actions }) => actions)
    const states = tried.map(({ state }) => state)
    return {
      from: 'similar states',
      visits: best.visits,
      lastUpdated: lastUpdatedOf(rows, best),
      states: near.map(({ state, stateKey, similarity }) => ({ state, stateKey, similarity })),
      ...evidenceOfSimilarStates(core, agentId, states, best.actionKey),
    }
  })
}

function noRecommendation({ nearest, compared }: SimilarStates): Recommendation {
  return {
    actionKey: null,
    action: null,
    confidence: 0.5,
    value: 0,
    alternatives: [],
    reasoning: nearest ? `${describeNearest(nearest, compared)} That is too far.` : 'Nothing was learned yet.',
    evidence: NO_EVIDENCE,
  }
}

function recommendation(
  ranked: readonly Rated[],
  reasoning: string,
  evidenceOf: (best: Rated) => Evidence,
): Recommendation {
  const [best, ...others] = ranked as readonly [Rated, ...Rated[]]
  return {
    ...alternative(best),
    value: best.value,
    reasoning: `${reasoning}value ${best.value.toFixed(3)} after ${count(best.visits, 'experience')}.`,
    alternatives: others.slice(0, 3).map(alternative),
    evidence: evidenceOf(best),
  }
}

/** Ties go to more visits, then to the first by key, so that the recommendation is the same in every process. */
function rank(byKey: readonly Rated[]): Rated[] {
  return byKey.toSorted((a, b) => b.value - a.value || b.visits - a.visits)
}

function alternative({ actionKey, value, similarity }: Rated): Alternative {
  return { actionKey, action: parseKey(actionKey), confidence: valueConfidence(value) * similarity }
}

/** The latest time. Times sort as text. */
function lastUpdatedOf(
  rows: readonly Pick<ValueRow, 'actionKey' | 'lastUpdated'>[],
  { actionKey }: Rated,
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
