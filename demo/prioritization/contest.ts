import type { AsyncStore } from 'learning-store'
import type { Cycle, Verdict, VisibleTest } from '../../examples/prioritization/cycles.ts'
import { learner } from '../../examples/prioritization/learner.ts'
import { heuristic, randomOrder } from '../../examples/prioritization/orders.ts'
import type { Prioritizer } from '../../examples/prioritization/prioritizer.ts'
import { meanOf, type Scores } from '../../examples/prioritization/report.ts'
import { runCycle } from '../../examples/prioritization/scoring.ts'

export const CONTENDERS = ['agent', 'heuristic', 'random'] as const

export type Contender = (typeof CONTENDERS)[number]

/** Number of random orders whose mean score is reported. */
const RANDOM_ORDERS = 20
const AGENT = 'risk-analyzer'

/** A test in the order of the agent, with its verdict. */
export interface Ordered {
  readonly test: VisibleTest
  readonly verdict: Verdict
}

export interface CycleResult {
  readonly number: number
  /** NAPFD; undefined if the cycle had no failure. */
  readonly scores: { readonly [C in Contender]: number | undefined }
  /** The tests as the agent ordered them before it learned any verdict of the cycle. */
  readonly order: readonly Ordered[]
}

/** Scores all contenders cycle by cycle. The agent learns in the store. */
export async function* contest(
  store: AsyncStore,
  cycles: readonly Cycle[],
  seed: number,
): AsyncGenerator<CycleResult, void, undefined> {
  const agent = await learner(store, AGENT)
  const random = Array.from({ length: RANDOM_ORDERS }, (_, i) => randomOrder(seed + i))
  for (const cycle of cycles) {
    let ordered: readonly VisibleTest[] = []
    const watched: Prioritizer = {
      order: async (tests) => {
        ordered = await agent.order(tests)
        return ordered
      },
      learn: agent.learn,
    }
    const randomScores: (number | undefined)[] = []
    for (const one of random) randomScores.push(await runCycle(cycle, one))
    yield {
      number: cycle.number,
      scores: {
        agent: await runCycle(cycle, watched),
        heuristic: await runCycle(cycle, heuristic),
        random: meanOf(randomScores),
      },
      order: ordered.map((test) => ({ test, verdict: cycle.verdicts.get(test) ?? 0 })),
    }
  }
}

/** The mean of the last `window` scores at each cycle. Cycles without a failure have no score and do not change it. */
export function movingScore(scores: Scores, window: number): (number | null)[] {
  const known: number[] = []
  return scores.map((score) => {
    if (score !== undefined) known.push(score)
    return meanOf(known.slice(-window)) ?? null
  })
}
