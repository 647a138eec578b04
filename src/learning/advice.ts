import type { PlainValue } from '../algorithms/keys.ts'
import { parseKey } from '../algorithms/parse-key.ts'
import type { ValueRow } from '../tables/values.ts'

export interface Alternative {
  /** The key of the action, readable. */
  readonly strategy: string
  readonly action: PlainValue
  /** In [0, 1]. */
  readonly confidence: number
}

/** A recommendation for a state and what it rests on. */
export interface Advice {
  /** The key of the best known action; `default` for a state in which nothing was learned. */
  readonly strategy: string
  /** The action itself; null for a state in which nothing was learned. */
  readonly action: PlainValue
  /** In [0, 1]. */
  readonly confidence: number
  /** The learned value of the action, in the unit of the rewards. */
  readonly expectedImprovement: number
  /** For people. */
  readonly reasoning: string
  /** The next best, at most three. */
  readonly alternatives: readonly Alternative[]
  readonly evidence: {
    /** How many experiences the value rests on. */
    readonly visits: number
    /** UTC, `YYYY-MM-DD HH:MM:SS`. */
    readonly lastUpdated: string | null
  }
}

/** @param rows all actions known in the state. */
export function adviceFor(rows: readonly ValueRow[]): Advice {
  // Among equals the one with more experience behind it, then the first by key: the same advice in every process.
  const ranked = rows.toSorted((a, b) => b.value - a.value || b.visits - a.visits)
  const [best, ...others] = ranked
  if (!best) {
    return {
      ...{ strategy: 'default', action: null, confidence: 0.5, expectedImprovement: 0, alternatives: [] },
      reasoning: 'Nothing was learned in this state yet.',
      evidence: { visits: 0, lastUpdated: null },
    }
  }
  const { strategy, action, confidence } = alternative(best)
  return {
    ...{ strategy, action, confidence, expectedImprovement: best.value },
    reasoning: `The best of ${rows.length} known: value ${best.value.toFixed(3)} after ${count(best.visits, 'experience')}.`,
    alternatives: others.slice(0, 3).map(alternative),
    evidence: { visits: best.visits, lastUpdated: best.lastUpdated },
  }
}

function alternative({ actionKey, value }: ValueRow): Alternative {
  return { strategy: actionKey, action: parseKey(actionKey), confidence: confidenceOf(value) }
}

/** Rewards lie in [-2, 2]; so do the values of one-step tasks. The formula of agentic-qe. */
function confidenceOf(value: number): number {
  return Math.min(1, Math.max(0, (value + 2) / 4))
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
