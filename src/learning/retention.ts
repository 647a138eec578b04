import { checkCount, checkNumber, checkOptions, invalid } from '../checks.ts'
import { RetainedRows, type RetainedTable } from '../tables/retained-rows.ts'
import { sqlTime } from '../tables/sql-time.ts'
import type { Core } from './core.ts'
import type { Progress } from './progress.ts'
import { tabular } from './tabular.ts'
import { transitionsOf } from './transition.ts'

/** How much of a family is kept; what neither option names stays. */
export interface Retained {
  /** So many rows of each agent, the newest. */
  readonly perAgent?: number
  /** Rows that are not older, in ms. */
  readonly maxAgeMs?: number
}

export interface RetainedExperiences extends Retained {
  /**
   * Which go first where `perAgent` is exceeded: the oldest, unless given; or those that teach least, whose temporal-difference
   * error is the smallest by the values of now (Schaul et al. 2016 replay by the same measure).
   */
  readonly order?: 'oldest' | 'least-useful'
}

export interface RetainOptions {
  readonly experiences?: RetainedExperiences
  readonly learningHistory?: Retained
  readonly learningMetrics?: Retained
}

/** How many rows were removed. */
export type Removed = { readonly [K in keyof RetainOptions]-?: number }

const TABLES: readonly (readonly [keyof RetainOptions, RetainedTable])[] = [
  ['experiences', 'learning_experiences'],
  ['learningHistory', 'learning_history'],
  ['learningMetrics', 'learning_metrics'],
]
/** Rows in one transaction: about a millisecond. */
const STEP = 250
/** The first of an agent are kept: its improvement is measured against them. Of metrics, the newest: they hold its tally. */
const KEPT_FIRST = 20
const KEPT_NEWEST = 20

/** @throws INVALID_ARGUMENT */
export function checkRetain(options: RetainOptions): RetainOptions {
  checkOptions(options, 'the options', ['experiences', 'learningHistory', 'learningMetrics'])
  for (const [family] of TABLES) {
    const given = options[family]
    if (given === undefined) continue
    const fields = family === 'experiences' ? ['perAgent', 'maxAgeMs', 'order'] : ['perAgent', 'maxAgeMs']
    const { perAgent, maxAgeMs, order }: RetainedExperiences = checkOptions<RetainedExperiences>(
      given,
      family,
      fields as never,
    )
    if (perAgent !== undefined) checkCount(perAgent, `${family}.perAgent`, 0)
    if (maxAgeMs !== undefined) checkNumber(maxAgeMs, `${family}.maxAgeMs`, 0, Number.MAX_VALUE)
    if (order !== undefined && order !== 'oldest' && order !== 'least-useful') {
      throw invalid('experiences.order', 'oldest or least-useful', order)
    }
  }
  return options
}

/**
 * Removes what need not be kept, a step at a time: each is one short transaction, and whoever drives it gives others a turn
 * between them. What was learned stays: values, visits, patterns, counts of experiences, and the first 20 experiences of each agent,
 * which its improvement is measured against.
 */
export function* retain(core: Core, options: RetainOptions): Generator<Progress, Removed> {
  const removed = { experiences: 0, learningHistory: 0, learningMetrics: 0 }
  const rows = new RetainedRows(core.connection)
  for (const [family, table] of TABLES) {
    const given: RetainedExperiences | undefined = options[family]
    if (!given) continue
    for (const agentId of rows.agentIds(table)) {
      for (const count of removal(core, rows, table, agentId, given)) {
        removed[family] += count
        yield { what: `${family} of ${agentId}`, done: removed[family], total: undefined }
      }
    }
  }
  return removed
}

/** The steps for one agent; tells how many rows each removed. */
function* removal(
  core: Core,
  rows: RetainedRows,
  table: RetainedTable,
  agentId: string,
  { perAgent, maxAgeMs, order = 'oldest' }: RetainedExperiences,
): Generator<number> {
  const above = table === 'learning_experiences' ? rows.idAt(table, agentId, KEPT_FIRST - 1, 'oldest') : 0
  if (table === 'learning_experiences' && above === 0) return
  const newest = table === 'learning_experiences' ? 0 : KEPT_NEWEST
  if (maxAgeMs !== undefined) {
    const before = sqlTime(Math.max(0, core.now() - maxAgeMs))
    yield* removedUpTo(core, rows, table, agentId, above, rows.idAt(table, agentId, newest, 'newest'), before)
  }
  if (perAgent === undefined) return
  const upTo = rows.idAt(table, agentId, Math.max(newest, perAgent), 'newest')
  if (order === 'oldest') yield* removedUpTo(core, rows, table, agentId, above, upTo, null)
  else yield* leastUseful(core, rows, agentId, above, rows.count(table, agentId, above, upTo, null))
}

function* removedUpTo(
  core: Core,
  rows: RetainedRows,
  table: RetainedTable,
  agentId: string,
  above: number,
  upTo: number,
  before: string | null,
): Generator<number> {
  for (;;) {
    const count = core.transaction(() => rows.remove(table, agentId, above, upTo, before, STEP))
    core.models.forget()
    if (count === 0) return
    yield count
  }
}

/** The value of an experience is how far it is from what is known: what is told twice teaches nothing. */
function* leastUseful(
  core: Core,
  rows: RetainedRows,
  agentId: string,
  above: number,
  count: number,
): Generator<number> {
  const learner = core.learners.find(agentId)
  if (!learner || count === 0) return
  tabular(learner)
  const rated: { readonly id: number; readonly error: number }[] = []
  for (let last = above; ; ) {
    const slice = rows.slice(agentId, last, Number.MAX_SAFE_INTEGER, STEP)
    if (slice.length === 0) break
    const transitions = transitionsOf(slice)
    for (const [i, { id }] of slice.entries()) {
      const transition = transitions[i]
      if (transition) rated.push({ id, error: Math.abs(core.updates.errorOf(learner, transition)) })
      last = id
    }
    yield 0
  }
  const going = rated.sort((a, b) => a.error - b.error || a.id - b.id).slice(0, count)
  for (let from = 0; from < going.length; from += STEP) {
    const step = going.slice(from, from + STEP)
    core.transaction(() => {
      for (const { id } of step) rows.removeExperience(id)
    })
    core.models.forget()
    yield step.length
  }
}
