import type { EpisodeRow } from '../../tables/experiences.ts'
import type { Learner } from './learners.ts'
import { memoizedKeyOfJson, type Transition, transitionOf } from './transition.ts'

/**
 * The steps since the episode last ended, or went on in another state than the step before led to, oldest first. With eligibility
 * traces, those that have one: since the last step that cut them, or was not learned with traces. The last step of SARSA still waits
 * and is always among them.
 *
 * @param history oldest first.
 */
export function stepsSinceBreak(
  { algorithm, traceDecay }: Pick<Learner, 'algorithm' | 'traceDecay'>,
  history: readonly EpisodeRow[],
): Transition[] {
  const newestFirst: Transition[] = []
  const keyOfJson = memoizedKeyOfJson()
  for (const row of history.toReversed()) {
    const isWaiting = algorithm === 'sarsa' && newestFirst.length === 0
    if (traceDecay > 0 && row.keepsTraces === null && !isWaiting) break
    const step = transitionOf(row, keyOfJson)
    const later = newestFirst.at(-1)
    if (row.terminated || row.truncated || (later && later.stateKey !== step.nextStateKey)) break
    newestFirst.push(step)
    if (traceDecay > 0 && row.keepsTraces !== true) break
  }
  return newestFirst.reverse()
}
