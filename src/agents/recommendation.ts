import type { JsonValue } from '../json-value.ts'
import type { Alternative, Recommendation } from '../learning/agents/recommendation.ts'

/** A recommendation as agentic-qe's persistence document prints it: strategies by name, the value as the expected improvement. */
export interface StrategyRecommendation extends Omit<Recommendation, 'actionKey' | 'value' | 'alternatives'> {
  /** The best known strategy; `default` if nothing was learned in this state or a similar one. */
  readonly strategy: string
  /** The learned value of the strategy, in the unit of the rewards. */
  readonly expectedImprovement: number
  /** The next best, at most three. */
  readonly alternatives: readonly (Omit<Alternative, 'actionKey'> & { readonly strategy: string })[]
}

/** The recommendation with each action named by its strategy. */
export function strategyRecommendationOf(recommendation: Recommendation): StrategyRecommendation {
  const { actionKey, value, alternatives, ...rest } = recommendation
  return {
    ...rest,
    strategy: nameOf(rest.action) ?? actionKey ?? 'default',
    expectedImprovement: value,
    alternatives: alternatives.map(({ actionKey: key, ...one }) => ({ ...one, strategy: nameOf(one.action) ?? key })),
  }
}

function nameOf(action: JsonValue): string | undefined {
  const named = typeof action === 'object' && action !== null && 'strategy' in action ? action.strategy : undefined
  return typeof named === 'string' ? named : undefined
}
