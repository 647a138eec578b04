import { isLinear } from '../../algorithms/algorithms.ts'
import { decayed } from '../../algorithms/exploration.ts'
import type { EpisodeRow, ExperienceRow } from '../../tables/experiences.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from './core.ts'
import type { CheckedExperience } from './experience.ts'
import { historyLength, type Learner } from './learners.ts'
import type { ValueUpdate } from './value-updates.ts'

/** Result of learning from one experience. */
export interface LearnResult {
  /** The id of the stored experience. */
  readonly id: string
  /**
   * False if the agent already had an experience with this id, as after a call that was sent again; then nothing
   * changed.
   */
  readonly learned: boolean
  /**
   * The value of the action in the state after the update, in the unit of the rewards. Undefined if the algorithm waits
   * for the next steps of the episode (`sarsa`, and `nStep` above 1).
   */
  readonly value: number | undefined
  /** The temporal-difference error before the update; undefined if no value was updated. */
  readonly error: number | undefined
  /** The current exploration rate, in [0, 1]. */
  readonly explorationRate: number
}

export interface LearnOptions {
  /** Whether to update the value. Default: true. */
  readonly updatesValue?: boolean | undefined
  /** When it was experienced, UTC text. Default: now. */
  readonly timestamp?: string | undefined
}

/** Stores an experience and learns from it. Call it inside a transaction. */
export function learn(
  core: Core,
  agentId: string,
  experience: CheckedExperience,
  { updatesValue = true, timestamp = sqlTime(core.now()) }: LearnOptions = {},
): LearnResult {
  const { learners, valueCache, experiences } = core
  const learner = learners.get(agentId)
  const { row } = experience
  const length = historyLength(learner)
  const history = length === 0 ? [] : experiences.lastOfEpisode(agentId, row.episodeId, length, learner.traceDecay > 0)
  const id = row.experienceId
  const stored = { ...row, agentId, timestamp }
  const learnsModel = updatesValue && isLinear(learner.algorithm)
  if (learnsModel) core.linear().prepare(learner, experience.state)
  const keepsTraces = updatesValue ? core.updates.keepsTraces(learner, experience, history) : null
  const isNew = experiences.append(stored, keepsTraces, learnsModel)
  if (isNew) core.sums.add(stored)
  if (!isNew || !updatesValue) {
    if (isNew) {
      learner.experienceCount++
      learners.changed(learner)
      core.models.drop(agentId)
    }
    const value = valueCache.get(agentId, experience.stateKey, experience.actionKey)?.value
    return { id, learned: isNew, value, error: undefined, explorationRate: learner.currentExplorationRate }
  }
  const update = learnValue(core, learner, experience, history, timestamp)
  // Planning may have changed the value again.
  const current = valueCache.get(agentId, experience.stateKey, experience.actionKey)?.value
  const { value, error } = update ?? { value: undefined, error: undefined }
  return {
    id,
    learned: true,
    value: value === undefined ? undefined : (current ?? value),
    error,
    explorationRate: learner.currentExplorationRate,
  }
}

/**
 * Learns from a stored experience. Call it inside a transaction.
 *
 * @param history the `historyLength` experiences before it in its episode, or fewer, oldest first.
 * @param time UTC text.
 * @returns the update of its value; undefined if the algorithm waits for the next steps.
 */
export function learnValue(
  core: Core,
  learner: Learner,
  experience: CheckedExperience,
  history: readonly EpisodeRow[],
  time: string,
): ValueUpdate | undefined {
  const { row } = experience
  const update = isLinear(learner.algorithm)
    ? core.linear().learn(learner, experience, time)
    : core.updates.learn(learner, experience, history, time)
  countExperience(learner, row)
  core.learners.changed(learner)
  if (learner.planningSteps > 0) planAhead(core, learner, experience, time)
  else core.models.drop(learner.agentId)
  return update
}

/** Counts an experience, and lets exploration decay at the end of an episode. */
export function countExperience(
  learner: Learner,
  { terminated, truncated }: Pick<ExperienceRow, 'terminated' | 'truncated'>,
): void {
  learner.experienceCount++
  if (!terminated && !truncated) return
  const { currentExplorationRate, explorationDecay, minExplorationRate } = learner
  learner.currentExplorationRate = decayed(currentExplorationRate, explorationDecay, minExplorationRate)
}

/**
 * The planning steps of Dyna-Q and Dyna-Q+: learns from transitions drawn from the agent's model. Sutton & Barto (2018),
 * sections 8.2 and 8.3.
 */
function planAhead(core: Core, learner: Learner, experience: CheckedExperience, time: string): void {
  const { stateKey, actionKey, nextStateKey, nextKeys, row } = experience
  const { reward, terminated } = row
  const newest = { stateKey, actionKey, reward, nextStateKey, nextKeys, terminated }
  const model = core.models.with(learner, newest, row.actions)
  for (let i = 0; i < learner.planningSteps; i++) {
    const drawn = model.draw(learner)
    if (drawn) core.updates.relearn(learner, drawn, time, 1, false)
  }
}
