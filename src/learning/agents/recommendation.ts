import { borrowedValues } from '../../algorithms/borrowed-values.ts'
import { canonical, keyOf } from '../../algorithms/keys/keys.ts'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import type { JsonValue } from '../../json-value.ts'
import type { ValueRow } from '../../tables/values.ts'
import type { Core } from '../core/core.ts'
import { expectedIn } from '../core/linear-arms.ts'
import { type Evidence, evidenceHere, evidenceThere, NO_EVIDENCE, type StateOfEvidence } from './evidence.ts'
import { type SimilarStates, similarStates } from './similar-states.ts'

/** An action that is recommended less. */
export interface Alternative {
  /** The key of the action. */
  readonly actionKey: string
  readonly action: JsonValue
  /** In [0, 1]. */
  readonly confidence: number
}

/** A recommendation for a state and what it rests on. */
export interface Recommendation {
  /** The key of the best known action; null if nothing was learned in this state or a similar one. */
  readonly actionKey: string | null
  /** The action itself; null if there is none. */
  readonly action: JsonValue
  /** In [0, 1]. From similar states, times their similarity. */
  readonly confidence: number
  /** The learned value of the action, in the unit of the rewards. From similar states, the mean of theirs. */
  readonly value: number
  /** For people. */
  readonly reasoning: string
  /** The next best, at most three. */
  readonly alternatives: readonly Alternative[]
  /** What the recommendation rests on. */
  readonly evidence: Evidence
}

/** What is known of an action, and how like the state is in which it is known. */
interface Rated {
  readonly actionKey: string
  readonly value: number
  readonly visits: number
  readonly similarity: number
}

/**
 * What was learned in this state; else what was learned in the states most like it (at most five, more like it than not,
 * among the 500 before and the 500 after it in the order of keys); else nothing. @throws INVALID_ARGUMENT
 */
export function recommendationFor(core: Core, agentId: string, state: JsonValue): Recommendation {
  const stateKey = keyOf(state, 'state')
  if (core.learners.find(agentId)?.algorithm === 'lin-ucb') return fitted(core, agentId, state)
  const known = core.valueCache.of(agentId, stateKey)
  if (known.length > 0) return learned(core, agentId, { state: canonical(state), stateKey, similarity: 1 }, known)
  const similar = similarStates(core, agentId, state, stateKey)
  return similar.near.length > 0 ? borrowed(core, agentId, similar) : nothing(similar)
}

function learned(core: Core, agentId: string, here: StateOfEvidence, known: readonly ValueRow[]): Recommendation {
  const ranked = rank(known.map((row) => ({ ...row, similarity: 1 })))
  return recommendation(ranked, `The best of ${ranked.length} known: `, (best) => ({
    ...{ from: 'this state', visits: best.visits, lastUpdated: lastUpdatedOf(known, best), states: [here] },
    ...evidenceHere(core, agentId, here.state, best.actionKey),
  }))
}

/** What a line through all states says of this one. */
function fitted(core: Core, agentId: string, state: JsonValue): Recommendation {
  const known = expectedIn(core, agentId, state)
  if (known.length === 0) return nothing({ near: [], nearest: undefined, compared: 0 })
  const ranked = rank(known.map((row) => ({ ...row, similarity: 1 })))
  return recommendation(ranked, `The best of ${ranked.length} by a linear model of the state: `, (best) => {
    const { experienceIds } = evidenceHere(core, agentId, canonical(state), best.actionKey)
    const lastUpdated = lastUpdatedOf(known, best)
    return { from: 'all states', visits: best.visits, lastUpdated, interval: null, experienceIds, states: [] }
  })
}

function borrowed(core: Core, agentId: string, { near, nearest, compared }: SimilarStates): Recommendation {
  const ranked = rank(borrowedValues(near))
  const reasoning = `${toldOf(nearest, compared)} The best of ${ranked.length} known in ${count(near.length, 'such state')}: `
  return recommendation(ranked, reasoning, (best) => {
    const tried = near.filter(({ actions }) => actions.some(({ actionKey }) => actionKey === best.actionKey))
    const rows = tried.flatMap(({ actions }) => actions)
    const states = tried.map(({ state }) => state)
    return {
      ...{ from: 'similar states', visits: best.visits, lastUpdated: lastUpdatedOf(rows, best) },
      states: near.map(({ state, stateKey, similarity }) => ({ state, stateKey, similarity })),
      ...evidenceThere(core, agentId, states, best.actionKey),
    }
  })
}

function nothing({ nearest, compared }: SimilarStates): Recommendation {
  return {
    actionKey: null,
    action: null,
    confidence: 0.5,
    value: 0,
    alternatives: [],
    reasoning: nearest ? `${toldOf(nearest, compared)} That is too far.` : 'Nothing was learned yet.',
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

/** Among equals the one with more experience behind it, then the first by key: the same recommendation in every process. */
function rank(byKey: readonly Rated[]): Rated[] {
  return byKey.toSorted((a, b) => b.value - a.value || b.visits - a.visits)
}

function alternative({ actionKey, value, similarity }: Rated): Alternative {
  return { actionKey, action: parseKey(actionKey), confidence: confidenceOf(value) * similarity }
}

/** Rewards lie in [-2, 2]; so do the values of one-step tasks. The formula of agentic-qe. */
function confidenceOf(value: number): number {
  return Math.min(1, Math.max(0, (value + 2) / 4))
}

/** The greatest of the times: they sort as text. */
function lastUpdatedOf(
  rows: readonly Pick<ValueRow, 'actionKey' | 'lastUpdated'>[],
  { actionKey }: Rated,
): string | null {
  const times = rows.filter((row) => row.actionKey === actionKey).map(({ lastUpdated }) => lastUpdated)
  return times.toSorted().at(-1) ?? null
}

function toldOf(nearest: StateOfEvidence | undefined, compared: number): string {
  const { stateKey = '', similarity = 0 } = nearest ?? {}
  const name = stateKey.length > 100 ? `${stateKey.slice(0, 100)}…` : stateKey
  const how = `${name} (similarity ${similarity.toFixed(2)} by Gower)`
  return `Nothing was learned in this state; the nearest of ${count(compared, 'seen state')} is ${how}.`
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
