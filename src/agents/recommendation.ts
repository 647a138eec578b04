import type { PlainValue } from '../algorithms/keys/keys.ts'
import type { Advice } from '../learning/agents/recommendation.ts'

/** A recommendation, with strategies by their names. */
export type StrategyRecommendation = Advice

/** The same advice, in which what an agent did with a task is called by the name of its strategy. */
export function recommendationOf(advice: Advice): StrategyRecommendation {
  return {
    ...advice,
    strategy: nameOf(advice.action) ?? advice.strategy,
    alternatives: advice.alternatives.map((one) => ({ ...one, strategy: nameOf(one.action) ?? one.strategy })),
  }
}

function nameOf(action: PlainValue): string | undefined {
  const named = typeof action === 'object' && action !== null && 'strategy' in action ? action.strategy : undefined
  return typeof named === 'string' ? named : undefined
}
