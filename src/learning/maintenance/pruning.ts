import { isLinear } from '../../algorithms/algorithms.ts'
import { checkCount, checkNumber, checkOptions, invalid } from '../../checks.ts'
import { DecisionCountsTable } from '../../tables/decision-counts.ts'
import { LearningDecisionsTable } from '../../tables/learning-decisions.ts'
import { LinearModelsTable } from '../../tables/linear-models.ts'
import { PrunableRows, type PrunableTable } from '../../tables/pruning.ts'
import { sqlTimeBound } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'
import { closeDueDecisions } from '../decisions/expiry.ts'
import type { Progress } from '../progress.ts'
import { leastUseful } from './least-useful.ts'

/** How many rows of a collection to keep. Rows beyond either limit are deleted. */
export interface PruneRowsOptions {
  /** Maximum number of rows per agent; the newest are kept. Default: unlimited. */
  readonly perAgent?: number
  /** Maximum age of rows. Default: unlimited. */
  readonly maxAgeMs?: number
}

/**
 * How many experiences to keep. The first 20 of each agent are always kept, because its improvement is measured against
 * them.
 */
export interface PruneExperiencesOptions extends PruneRowsOptions {
  /**
   * Which experiences to delete first when `perAgent` is exceeded: the oldest, or the least useful, with the smallest
   * temporal-difference error by the current values (the measure of Schaul et al. 2016). Default: `oldest`.
   */
  readonly order?: 'oldest' | 'least-useful'
}

/** Which decisions to delete besides those whose experiences are pruned. By default, open decisions are not deleted. */
export interface PruneDecisionsOptions {
  /** Delete open decisions that are older than this. Their rewards are refused from then on. Default: none. */
  readonly openOlderThanMs?: number
  /** Delete expired decisions that are older than this. Default: none. */
  readonly expiredOlderThanMs?: number
}

/** Options of `prune`. Collections that are not given are not pruned. */
export interface PruneOptions {
  /** Pruning of experiences. Learned values stay. */
  readonly experiences?: PruneExperiencesOptions
  /** Pruning of decisions. */
  readonly decisions?: PruneDecisionsOptions
  /** Pruning of the learning history. */
  readonly learningHistory?: PruneRowsOptions
  /** Pruning of the learning metrics. */
  readonly learningMetrics?: PruneRowsOptions
}

/** Number of deleted rows, by collection. */
export type PruneResult = { readonly [K in keyof PruneOptions]-?: number }

const TABLES: readonly (readonly [Exclude<keyof PruneOptions, 'decisions'>, PrunableTable])[] = [
  ['experiences', 'learning_experiences'],
  ['learningHistory', 'learning_history'],
  ['learningMetrics', 'learning_metrics'],
]
/** Rows per transaction, about 1 ms. */
const STEP = 250
/** The first experiences of an agent are kept, because its improvement is measured against them. */
const FIRST_KEPT = 20

/** @throws INVALID_ARGUMENT */
export function checkPrune(options: PruneOptions): PruneOptions {
  checkOptions(options, 'the options', ['experiences', 'decisions', 'learningHistory', 'learningMetrics'])
  const decisions = checkOptions(options.decisions ?? {}, 'decisions', ['openOlderThanMs', 'expiredOlderThanMs'])
  for (const [name, age] of Object.entries(decisions)) {
    if (age !== undefined) checkNumber(age, `decisions.${name}`, 0, Number.MAX_VALUE)
  }
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
 * Deletes old rows in steps. Each step is one short transaction, so that the caller can run other operations in
 * between. Values, visits, patterns, counts, and the first 20 experiences of each agent stay.
 */
export function* prune(core: Core, options: PruneOptions): Generator<Progress, PruneResult> {
  const removed = { experiences: 0, decisions: 0, learningHistory: 0, learningMetrics: 0 }
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
  for (const count of removedDecisions(core, options.decisions ?? {})) {
    removed.decisions += count
    yield { what: 'decisions', done: removed.decisions, total: undefined }
  }
  return removed
}

/** Those that are due are closed first, so that an open one is open. Yields the number of rows that each step deleted. */
function* removedDecisions(core: Core, options: PruneDecisionsOptions): Generator<number> {
  const { openOlderThanMs, expiredOlderThanMs } = options
  if (openOlderThanMs === undefined && expiredOlderThanMs === undefined) return
  while (closeDueDecisions(core, STEP) > 0) yield 0
  const table = new LearningDecisionsTable(core.connection)
  const ages = [
    ['open', openOlderThanMs],
    ['expired', expiredOlderThanMs],
  ] as const
  for (const [status, age] of ages) {
    if (age === undefined) continue
    const before = sqlTimeBound(Math.max(0, core.now() - age))
    for (let count = STEP; count === STEP; ) {
      count = core.transaction(() => table.removeOld(status, before, STEP))
      yield count
    }
  }
  core.nextExpiry = new DecisionCountsTable(core.connection).nextExpiry()
}

/** The steps for one agent, at least one; yields the number of rows that each deleted. */
function* removal(
  core: Core,
  rows: PrunableRows,
  table: PrunableTable,
  agentId: string,
  { perAgent, maxAgeMs, order = 'oldest' }: PruneExperiencesOptions,
): Generator<number> {
  yield 0
  const above = table === 'learning_experiences' ? rows.idAt(table, agentId, FIRST_KEPT - 1, 'oldest') : 0
  const last = table === 'learning_experiences' ? lastPrunable(core, agentId) : Number.MAX_SAFE_INTEGER
  const upToNewest = (offset: number): number => Math.min(last, rows.idAt(table, agentId, offset, 'newest'))
  if (table === 'learning_experiences' && above === 0) return
  if (maxAgeMs !== undefined) {
    const before = sqlTimeBound(Math.max(0, core.now() - maxAgeMs))
    yield* removedUpTo(core, rows, table, agentId, above, upToNewest(0), before)
  }
  if (perAgent === undefined) return
  const upTo = upToNewest(perAgent)
  const learner = order === 'least-useful' ? core.learners.find(agentId) : undefined
  // Only tabular agents have temporal-difference errors.
  if (!learner || isLinear(learner.algorithm)) {
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

/** The row id up to which experiences can be pruned: a linear model still needs those that its stored form does not contain. */
function lastPrunable(core: Core, agentId: string): number {
  if (!core.hasLinearModel(agentId)) return Number.MAX_SAFE_INTEGER
  return new LinearModelsTable(core.connection).get(agentId)?.through ?? 0
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

/**
 * One short transaction. It counts removed experiences, because values can be rederived completely only if there are
 * none.
 */
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
