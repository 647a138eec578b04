import { type Estimate, normalRatings, type Rating, ratings } from '../../algorithms/best-action.ts'
import type { Range } from '../../algorithms/intervals.ts'
import { linearFeatures } from '../../algorithms/linear-features.ts'
import type { JsonValue } from '../../json-value.ts'
import { EvidenceTable } from '../../tables/experience-evidence.ts'
import type { ValueRow } from '../../tables/values.ts'
import type { Core } from '../core/core.ts'
import { predictions } from '../core/linear-arms.ts'
import type { MeanRewards } from './mean-rewards.ts'

/** An action with its learned value and how good it is among the others. */
export interface RatedAction extends Rating, Pick<ValueRow, 'actionKey' | 'value' | 'visits'> {
  /** The similarity of the states that the value is from, in (0.5, 1]; 1 for the state itself. */
  readonly similarity: number
}

type Valued = Omit<RatedAction, keyof Rating>

/** @param known with at least one action. @param untried number of offered actions without a value. @returns best first. */
export function ratedByRewards(
  known: readonly Valued[],
  { byAction, range }: MeanRewards,
  untried: number,
): RatedAction[] {
  const rewards = known.map(({ actionKey }) => byAction.get(actionKey) ?? { mean: 0, count: 0, least: 0, greatest: 0 })
  return ranked(
    known,
    ratings(rewards, untried, range ?? span(rewards.flatMap(({ least, greatest }) => [least, greatest]))),
  )
}

/** By learned values, whose spread is unknown: their place among all values and rewards of the agent counts. @returns best first. */
export function ratedByValues(core: Core, agentId: string, known: readonly Valued[], untried: number): RatedAction[] {
  const rewards = new EvidenceTable(core.connection).recentRange(agentId)
  const range = span([...core.values.extremes(agentId), ...rewards])
  const estimates = known.map(
    ({ value, visits, similarity }): Estimate => ({ mean: value, count: visits * similarity }),
  )
  return ranked(known, ratings(estimates, untried, range))
}

/** By a linear model, whose uncertainty in a state is known up to the scale of the rewards. @returns best first. */
export function ratedByLinearModel(
  core: Core,
  agentId: string,
  state: JsonValue,
  isOffered: (row: { readonly actionKey: string }) => boolean,
  countOffered: number,
): (RatedAction & Pick<ValueRow, 'lastUpdated'>)[] {
  const known = predictions(core, agentId, state).filter(isOffered)
  if (known.length === 0) return []
  const [low, high] = core.defaultsOf(agentId).rewardRange ?? new EvidenceTable(core.connection).recentRange(agentId)
  // No standard deviation in a range is larger than half of it.
  const scale = high > low && Number.isFinite(high - low) ? (high - low) / 2 : 1
  // An arm without experiences predicts 0, with the length of the features as its standard error.
  const length = Math.hypot(...linearFeatures(state).values)
  const untried = Array.from({ length: Math.max(0, countOffered - known.length) }, () => ({
    value: 0,
    deviation: length,
  }))
  const beliefs = [...known, ...untried].map(({ value, deviation }) => ({ mean: value, deviation: deviation * scale }))
  return ranked(
    known.map((one) => ({ ...one, similarity: 1 })),
    normalRatings(beliefs),
  )
}

/** Ties go to more visits, then to the first by key, so that the recommendation is the same in every process. */
function ranked<V extends Valued>(known: readonly V[], rated: readonly Rating[]): (V & Rating)[] {
  return known
    .map((one, i) => ({ ...one, ...(rated[i] ?? { probabilityBest: 0, score: 0 }) }))
    .sort((a, b) => b.score - a.score || b.value - a.value || b.visits - a.visits)
}

function span(numbers: readonly number[]): Range {
  return [Math.min(...numbers), Math.max(...numbers)]
}
