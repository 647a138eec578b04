import { memoizedKeyOfJson } from '../../algorithms/keys/key-of-json.ts'
import type { EpisodeRow } from '../../tables/experiences.ts'
import type { Learner } from './learners.ts'
import { type Transition, transitionOf } from './transition.ts'

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
    const later = newestFirst.at(-1)
    const isWaiting = algorithm === 'sarsa' && !later
    if (row.terminated || row.truncated || (traceDecay > 0 && row.keepsTraces === null && !isWaiting)) break
    // What the next state offers matters for the last step alone, and takes long to read.
    const step = transitionOf(later ? { ...row, nextActions: null } : row, keyOfJson)
    if (later && later.stateKey !== step.nextStateKey) break
    newestFirst.push(step)
    if (traceDecay > 0 && row.keepsTraces !== true) break
  }
  return newestFirst.reverse()
}
