// An independent implementation of the book's pseudocode of eligibility traces.
import { bestOf, type End, keyOf, type Step, type Values } from './episodes.ts'

/**
 * Sarsa(lambda) and Watkins's Q(lambda) for tables with replacing traces, by the pseudocode of Sutton & Barto (1998), figures 7.11 and
 * 7.14, and expected SARSA(lambda): one table of traces that every step decays. Actions are chosen after the update of the step before.
 */
export function textbook(
  q: Values,
  episode: readonly Step[],
  end: End,
  { lambda, rate, discount, algorithm }: { lambda: number; rate: number; discount: number; algorithm: string },
): void {
  const taken = (state: number, action: string): number => q.get(keyOf(state, action)) ?? 0
  const bestIn = (state: number): number => bestOf(q, state)
  const traces = new Map<string, number>()
  const update = ({ state, action, reward }: Step, next: number): void => {
    const error = reward + discount * next - taken(state, action)
    traces.set(keyOf(state, action), 1)
    for (const [key, trace] of traces) {
      q.set(key, (q.get(key) ?? 0) + rate * error * trace)
      traces.set(key, trace * discount * lambda)
    }
  }
  for (const [t, step] of episode.entries()) {
    const before = episode[t - 1]
    const { state, action } = step
    if (before && algorithm === 'sarsa') update(before, taken(state, action))
    if (before && algorithm === 'q-learning' && taken(state, action) < bestIn(state)) traces.clear()
    const isEnd = t === episode.length - 1
    if (algorithm !== 'sarsa' || isEnd) update(step, isEnd && end === 'terminated' ? 0 : bestIn(step.nextState))
  }
}
