import { valueConfidence } from '../algorithms/value-confidence.ts'
import type { JsonValue } from '../json-value.ts'
import type { Alternative, Recommendation } from '../learning/agents/recommendation.ts'

/** A recommendation as agentic-qe's persistence document prints it: strategies by name, the value as the expected improvement. */
export interface StrategyRecommendation extends Omit<Recommendation, 'actionKey' | 'value' | 'alternatives'> {
  /** The best known strategy; `default` if nothing was learned in this state or a similar one. */
  readonly strategy: string
  /** The formula of agentic-qe, (value + 2) / 4 in [0, 1], times `similarity`; 0.5 if nothing was learned. No probability. */
  readonly confidence: number
  /** The learned value of the strategy, in the unit of the rewards. */
  readonly expectedImprovement: number
  /** The next best, at most three. */
  readonly alternatives: readonly StrategyAlternative[]
}

/** One of the next best strategies of a recommendation. */
export interface StrategyAlternative extends Omit<Alternative, 'actionKey'> {
  /** The strategy. */
  readonly strategy: string
  /** The formula of agentic-qe, as in `StrategyRecommendation`. */
  readonly confidence: number
}

/** The recommendation with each action named by its strategy. */
export function strategyRecommendationOf(recommendation: Recommendation): StrategyRecommendation {
  const { actionKey, value, alternatives, ...rest } = recommendation
  return {
    ...rest,
    strategy: nameOf(rest.action) ?? actionKey ?? 'default',
    confidence: actionKey === null ? 0.5 : confidenceOf(recommendation),
    expectedImprovement: value,
    alternatives: alternatives.map((one) => {
      const { actionKey: key, ...alternative } = one
      return { ...alternative, strategy: nameOf(one.action) ?? key, confidence: confidenceOf(one) }
    }),
  }
}

function confidenceOf({ value, similarity }: Pick<Alternative, 'value' | 'similarity'>): number {
  return valueConfidence(value) * similarity
}

function nameOf(action: JsonValue): string | undefined {
  const named = typeof action === 'object' && action !== null && 'strategy' in action ? action.strategy : undefined
  return typeof named === 'string' ? named : undefined
}
