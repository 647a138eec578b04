import { isLinear } from '../../algorithms/algorithms.ts'
import { priorityOf, samplePrioritized, sampleUniform } from '../../algorithms/replay-sampling.ts'
import { sumTree } from '../../algorithms/sum-tree.ts'
import { checkBoolean, checkCount, checkNumber, checkOptions } from '../../checks.ts'
import type { TransitionRow } from '../../tables/experiences.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from './core.ts'
import type { Learner } from './learners.ts'
import { type Transition, transitionOf, transitionsOf } from './transition.ts'

/** Options of `agent.replay`. */
export interface ReplayOptions {
  /** Number of experiences to replay; they are drawn with replacement. Default: 32. */
  readonly batchSize?: number
  /** The newest stored experiences to draw from, learned from or only recorded. Default: 10,000. */
  readonly bufferSize?: number
  /**
   * Whether to draw in proportion to priority, the size of the temporal-difference error. Default: false, uniformly.
   */
  readonly prioritized?: boolean
  /** The exponent of the priorities, in [0, 1]; 0 is uniform. Default: 0.6. */
  readonly alpha?: number
  /** The exponent of the importance-sampling correction, in [0, 1]; 1 corrects fully. Default: 0.4. */
  readonly beta?: number
}

/** Result of a replay. */
export interface ReplayResult {
  /** Number of experiences that were learned from again. */
  readonly replayed: number
  /** Mean absolute temporal-difference error of the replayed experiences; 0 if there are none. */
  readonly meanError: number
}

export type CheckedReplay = Required<ReplayOptions>

/** @throws INVALID_ARGUMENT */
export function checkReplay(options: ReplayOptions = {}): CheckedReplay {
  const fields = ['batchSize', 'bufferSize', 'prioritized', 'alpha', 'beta'] as const
  const given = checkOptions(options, 'the options of a replay', fields)
  return {
    batchSize: checkCount(given.batchSize ?? 32, 'batchSize', 1),
    bufferSize: checkCount(given.bufferSize ?? 10_000, 'bufferSize', 1),
    prioritized: checkBoolean(given.prioritized ?? false, 'prioritized'),
    alpha: checkNumber(given.alpha ?? 0.6, 'alpha', 0, 1),
    beta: checkNumber(given.beta ?? 0.4, 'beta', 0, 1),
  }
}

interface Drawn {
  readonly row: TransitionRow
  readonly transition: Transition
  readonly weight: number
}

/**
 * Learns again from stored experiences, drawn with the agent's generator. Call it inside a transaction. Priorities are
 * computed from the current values instead of stored, so none is stale. Schaul et al. (2016) store those of the last
 * replay because evaluating a network is slow; a table lookup is not.
 */
export function replay(core: Core, agentId: string, options: CheckedReplay): ReplayResult {
  const learner = core.learners.get(agentId)
  if (isLinear(learner.algorithm)) {
    const replayed = core.linear().learnRecorded(learner, options.bufferSize)
    learner.experienceCount += replayed
    core.learners.changed(learner)
    return { replayed, meanError: 0 }
  }
  const { bufferSize } = options
  // At least as many are stored. Counting takes as long as drawing.
  const learned = learner.experienceCount - core.learners.removedCount(agentId)
  const stored = learned >= bufferSize ? bufferSize : core.experiences.countUpTo(agentId, bufferSize)
  const drawn = options.prioritized ? byPriority(core, learner, options) : uniformly(core, learner, stored, options)
  // Counting the experiences of each action takes long if there are many.
  const hasUnlearned = stored > learned
  const time = sqlTime(core.now())
  let sum = 0
  let replayed = 0
  for (const { row, transition, weight } of drawn) {
    // An error that overflows would make every later replay throw.
    if (!Number.isFinite(core.updates.errorOf(learner, transition))) continue
    replayed++
    const isVisit = hasUnlearned && countsNotAll(core, agentId, row, transition)
    sum += Math.abs(core.updates.relearn(learner, transition, time, weight, isVisit).error)
  }
  return { replayed, meanError: replayed === 0 ? 0 : sum / replayed }
}

/** Whether the visits do not count all stored experiences of the action: some were recorded and never learned from. */
function countsNotAll(
  core: Core,
  agentId: string,
  { state, action }: TransitionRow,
  { stateKey, actionKey }: Transition,
): boolean {
  const visits = core.valueCache.get(agentId, stateKey, actionKey)?.visits ?? 0
  return core.experiences.countOf(agentId, state, action, visits + 1) > visits
}

/** @param size the number of experiences to draw from. */
function uniformly(core: Core, learner: Learner, size: number, { batchSize }: CheckedReplay): Drawn[] {
  const { agentId, random } = learner
  if (size === 0) return []
  core.learners.changed(learner)
  const offsets = sampleUniform(size, batchSize, random)
  const rows = core.experiences.transitionsAt(agentId, offsets)
  return offsets.flatMap((offset) => {
    const row = rows.get(offset)
    return row ? [{ row, transition: transitionOf(row), weight: 1 }] : []
  })
}

function byPriority(core: Core, learner: Learner, { batchSize, bufferSize, alpha, beta }: CheckedReplay): Drawn[] {
  const rows = core.experiences.transitions(learner.agentId, bufferSize)
  const rated = transitionsOf(rows)
    .map((transition, i) => ({
      row: rows[i] as TransitionRow,
      transition,
      error: core.updates.errorOf(learner, transition),
    }))
    .filter(({ error }) => Number.isFinite(error))
  if (rated.length === 0) return []
  const tree = sumTree(rated.map(({ error }) => priorityOf(error, alpha)))
  core.learners.changed(learner)
  const { indexes, weights } = samplePrioritized(tree, batchSize, beta, learner.random)
  return indexes.flatMap((index, i) => {
    const one = rated[index]
    return one ? [{ ...one, weight: weights[i] ?? 1 }] : []
  })
}
