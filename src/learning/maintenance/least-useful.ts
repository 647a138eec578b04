import type { PrunableRows } from '../../tables/pruning.ts'
import type { Core } from '../core/core.ts'
import type { Learner } from '../core/learners.ts'
import { transitionsOf } from '../core/transition.ts'

/** Rows that are read, or yielded, in one step. */
const STEP = 250

/**
 * Yields the ids of the least useful experiences in steps: those with the smallest temporal-difference error by the
 * current values. Schaul et al. (2016) prioritize replay by the same measure. The first steps only read and yield no
 * ids.
 *
 * @param above leaves out the experiences up to this id.
 * @param count the number of ids to yield.
 */
export function* leastUseful(
  core: Core,
  rows: PrunableRows,
  learner: Learner,
  above: number,
  count: number,
): Generator<readonly number[]> {
  if (count === 0) return
  const rated: { readonly id: number; readonly error: number }[] = []
  for (let last = above; ; ) {
    const slice = rows.slice(learner.agentId, last, Number.MAX_SAFE_INTEGER, STEP)
    if (slice.length === 0) break
    for (const [i, transition] of transitionsOf(slice).entries()) {
      const id = slice[i]?.id ?? last
      rated.push({ id, error: Math.abs(core.updates.errorOf(learner, transition)) })
      last = id
    }
    yield []
  }
  const least = rated.sort((a, b) => a.error - b.error || a.id - b.id).slice(0, count)
  for (let from = 0; from < least.length; from += STEP) yield least.slice(from, from + STEP).map(({ id }) => id)
}
