import { priorityOf, samplePrioritized, sampleUniform } from '../../algorithms/replay-sampling.ts'
import { sumTree } from '../../algorithms/sum-tree.ts'
import { checkBoolean, checkCount, checkNumber, checkOptions } from '../../checks.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from './core.ts'
import type { Learner } from './learners.ts'
import { tabular } from './tabular.ts'
import { type Transition, transitionOf, transitionsOf } from './transition.ts'

/** How an agent learns again from what it experienced before. */
export interface ReplayOptions {
  /** How many experiences; 32 unless given. */
  readonly batchSize?: number
  /** Of how many of the newest; 10,000 unless given. */
  readonly bufferSize?: number
  /** Prefer those whose value is furthest from what it should be; all the same unless given. */
  readonly prioritized?: boolean
  /** How much to prefer them, in [0, 1]; 0.6 unless given. */
  readonly alpha?: number
  /** How much to make up for it in the size of the steps, in [0, 1]; 0.4 unless given. */
  readonly beta?: number
}

/** What came of a replay. */
export interface ReplayResult {
  /** How many experiences were learned from again. */
  readonly replayed: number
  /** The mean size of their temporal-difference errors; 0 where nothing was replayed. */
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
  readonly transition: Transition
  readonly weight: number
}

/**
 * Learns again from experiences that are kept, drawn with the agent's generator; belongs into a transaction. Priorities are the
 * errors by the values of now, so there are none to keep and none that are stale. Schaul et al. (2016) keep those of the last
 * time because a network is slow to ask; a table is not.
 */
export function replay(core: Core, agentId: string, options: CheckedReplay): ReplayResult {
  const learner = core.learners.get(agentId)
  tabular(learner)
  const drawn = options.prioritized ? byPriority(core, learner, options) : uniformly(core, learner, options)
  const time = sqlTime(core.now())
  let sum = 0
  let replayed = 0
  for (const { transition, weight } of drawn) {
    // One that would leave the range of numbers must not keep the agent from learning for ever.
    if (!Number.isFinite(core.updates.errorOf(learner, transition))) continue
    replayed++
    sum += Math.abs(core.updates.relearn(learner, transition, time, weight).error)
  }
  return { replayed, meanError: replayed === 0 ? 0 : sum / replayed }
}

function uniformly(core: Core, learner: Learner, { batchSize, bufferSize }: CheckedReplay): Drawn[] {
  const { agentId, experienceCount, random } = learner
  const size = Math.min(bufferSize, experienceCount)
  if (size === 0) return []
  core.learners.changed(learner)
  const storages = sampleUniform(size, batchSize, random)
  const found = core.experiences.transitionsAt(agentId, storages)
  return storages.flatMap((storage) => {
    const row = found.get(storage)
    return row ? [{ transition: transitionOf(row), weight: 1 }] : []
  })
}

function byPriority(core: Core, learner: Learner, { batchSize, bufferSize, alpha, beta }: CheckedReplay): Drawn[] {
  const rated = transitionsOf(core.experiences.transitions(learner.agentId, bufferSize))
    .map((transition) => ({ transition, error: core.updates.errorOf(learner, transition) }))
    .filter(({ error }) => Number.isFinite(error))
  if (rated.length === 0) return []
  const tree = sumTree(rated.map(({ error }) => priorityOf(error, alpha)))
  core.learners.changed(learner)
  const { indexes, weights } = samplePrioritized(tree, batchSize, beta, learner.random)
  return indexes.flatMap((index, i) => {
    const one = rated[index]
    return one ? [{ transition: one.transition, weight: weights[i] ?? 1 }] : []
  })
}
