import { checkCount, checkNumber, checkOptions, invalid } from '../../checks.ts'
import { PrunableRows, type PrunableTable } from '../../tables/pruning.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'
import type { Progress } from '../progress.ts'
import { leastUseful } from './least-useful.ts'

/** How much of a collection is kept; what neither option names stays. */
export interface PruneRowsOptions {
  /** So many rows of each agent, the newest. */
  readonly perAgent?: number
  /** Rows that are not older, in ms. */
  readonly maxAgeMs?: number
}

export interface PruneExperiencesOptions extends PruneRowsOptions {
  /**
   * Which go first where `perAgent` is exceeded: the oldest, unless given; or those that teach least, whose temporal-difference
   * error is the smallest by the values of now (Schaul et al. 2016 replay by the same measure).
   */
  readonly order?: 'oldest' | 'least-useful'
}

/** What of each kind is kept; what is left out is left alone. */
export interface PruneOptions {
  readonly experiences?: PruneExperiencesOptions
  readonly learningHistory?: PruneRowsOptions
  readonly learningMetrics?: PruneRowsOptions
}

/** How many rows were removed. */
export type PruneResult = { readonly [K in keyof PruneOptions]-?: number }

const TABLES: readonly (readonly [keyof PruneOptions, PrunableTable])[] = [
  ['experiences', 'learning_experiences'],
  ['learningHistory', 'learning_history'],
  ['learningMetrics', 'learning_metrics'],
]
/** Rows in one transaction: about a millisecond. */
const STEP = 250
/** The first of an agent are kept: its improvement is measured against them. */
const KEPT_FIRST = 20

/** @throws INVALID_ARGUMENT */
export function checkPrune(options: PruneOptions): PruneOptions {
  checkOptions(options, 'the options', ['experiences', 'learningHistory', 'learningMetrics'])
  for (const [collection] of TABLES) {
    const given = options[collection]
    if (given === undefined) continue
    const fields = collection === 'experiences' ? ['perAgent', 'maxAgeMs', 'order'] : ['perAgent', 'maxAgeMs']
    const { perAgent, maxAgeMs, order }: PruneExperiencesOptions = checkOptions<PruneExperiencesOptions>(
      given,
      collection,
      fields as never,
    )
    if (perAgent !== undefined) checkCount(perAgent, `${collection}.perAgent`, 0)
    if (maxAgeMs !== undefined) checkNumber(maxAgeMs, `${collection}.maxAgeMs`, 0, Number.MAX_VALUE)
    if (order !== undefined && order !== 'oldest' && order !== 'least-useful') {
      throw invalid('experiences.order', 'oldest or least-useful', order)
    }
  }
  return options
}

/**
 * Removes what need not be kept, a step at a time: each is one short transaction, and whoever drives it gives others a turn
 * between them. What was learned stays: values, visits, patterns, counts of experiences and of tasks, and the first 20 experiences of
 * each agent, which its improvement is measured against.
 */
export function* prune(core: Core, options: PruneOptions): Generator<Progress, PruneResult> {
  const removed = { experiences: 0, learningHistory: 0, learningMetrics: 0 }
  const rows = new PrunableRows(core.connection)
  for (const [collection, table] of TABLES) {
    const given: PruneExperiencesOptions | undefined = options[collection]
    if (!given) continue
    for (const agentId of rows.agentIds(table)) {
      for (const count of removal(core, rows, table, agentId, given)) {
        removed[collection] += count
        yield { what: `${collection} of ${agentId}`, done: removed[collection], total: undefined }
      }
    }
  }
  return removed
}

/** The steps for one agent, at least one; tells how many rows each removed. */
function* removal(
  core: Core,
  rows: PrunableRows,
  table: PrunableTable,
  agentId: string,
  { perAgent, maxAgeMs, order = 'oldest' }: PruneExperiencesOptions,
): Generator<number> {
  yield 0
  const above = table === 'learning_experiences' ? rows.idAt(table, agentId, KEPT_FIRST - 1, 'oldest') : 0
  if (table === 'learning_experiences' && above === 0) return
  if (maxAgeMs !== undefined) {
    const before = sqlTime(Math.max(0, core.now() - maxAgeMs))
    yield* removedUpTo(core, rows, table, agentId, above, rows.idAt(table, agentId, 0, 'newest'), before)
  }
  if (perAgent === undefined) return
  const upTo = rows.idAt(table, agentId, perAgent, 'newest')
  const learner = order === 'least-useful' ? core.learners.find(agentId) : undefined
  // Errors are of values in a table; those of other agents, and where nobody learns, are no measure.
  if (!learner || learner.algorithm === 'lin-ucb') {
    yield* removedUpTo(core, rows, table, agentId, above, upTo, null)
    return
  }
  for (const ids of leastUseful(core, rows, learner, above, rows.count(table, agentId, above, upTo, null))) {
    yield removedInStep(core, agentId, ids.length > 0, () => {
      for (const id of ids) rows.removeExperience(id)
      return ids.length
    })
  }
}

function* removedUpTo(
  core: Core,
  rows: PrunableRows,
  table: PrunableTable,
  agentId: string,
  above: number,
  upTo: number,
  before: string | null,
): Generator<number> {
  const isExperiences = table === 'learning_experiences'
  for (let left = rows.count(table, agentId, above, upTo, before); left > 0; ) {
    const step = (): number => rows.remove(table, agentId, above, upTo, before, STEP)
    const count = removedInStep(core, agentId, isExperiences, step)
    left = count === 0 ? 0 : left - count
    yield count
  }
}

/** One short transaction. Values can be derived from all experiences only while none was removed: that is counted. */
function removedInStep(core: Core, agentId: string, isExperiences: boolean, work: () => number): number {
  return core.transaction(() => {
    const count = work()
    if (isExperiences && core.learners.find(agentId)) {
      core.learners.setRemovedCount(agentId, core.learners.removedCount(agentId) + count)
      core.models.drop(agentId)
    }
    return count
  })
}
