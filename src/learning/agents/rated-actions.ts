import { type Estimate, normalRatings, type Rating, ratings } from '../../algorithms/best-action.ts'
import type { Range } from '../../algorithms/intervals.ts'
import type { Prediction } from '../../algorithms/linear/agent-model.ts'
import { EvidenceTable } from '../../tables/experience-evidence.ts'
import type { ValueRow } from '../../tables/values.ts'
import type { Core } from '../core/core.ts'
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

/** By a linear model. @param predictions of the available actions, tried or not. @returns those that were tried, best first. */
export function ratedByLinearModel(
  predictions: readonly Prediction[],
): (RatedAction & Pick<ValueRow, 'lastUpdated'>)[] {
  const rated = normalRatings(predictions.map(({ value, deviation }) => ({ mean: value, deviation })))
  return ranked(
    predictions.map((one) => ({ ...one, similarity: 1 })),
    rated,
  ).filter(({ visits }) => visits > 0)
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
