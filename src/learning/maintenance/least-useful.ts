import type { PrunableRows } from '../../tables/pruning.ts'
import type { Core } from '../core/core.ts'
import type { Learner } from '../core/learners.ts'
import { transitionsOf } from '../core/transition.ts'

/** Rows that are looked at, or named, in one step. */
const STEP = 250

/**
 * The ids of the experiences that teach least, in steps: those whose temporal-difference error is the smallest by the values of now;
 * what is known already teaches nothing. Schaul et al. (2016) replay by the same measure. The first steps only look, and name none.
 * @param above the experiences up to this id are left out. @param count how many.
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
  const going = rated.sort((a, b) => a.error - b.error || a.id - b.id).slice(0, count)
  for (let from = 0; from < going.length; from += STEP) yield going.slice(from, from + STEP).map(({ id }) => id)
}
