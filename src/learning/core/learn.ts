import { decayed } from '../../algorithms/exploration.ts'
import type { JsonValue } from '../../json-value.ts'
import type { ExperienceRow } from '../../tables/experiences.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from './core.ts'
import type { CheckedExperience } from './experience.ts'
import type { Learner } from './learners.ts'
import { learnLinear } from './linear-arms.ts'
import type { ValueUpdate } from './value-updates.ts'

/** What came of learning from one experience. */
export interface LearnResult {
  /** The id that the experience is kept under. */
  readonly id: string
  /** False where the id was known: nothing is learned twice. So it is too after a call that was sent again. */
  readonly learned: boolean
  /** The value of the action after the update, or as it is where nothing was learned; undefined where the rule waits for the next action. */
  readonly value: number | undefined
  /** The temporal-difference error. */
  readonly error: number | undefined
  readonly explorationRate: number
}

export interface LearnOptions {
  /** False where no value is to change. */
  readonly isValued?: boolean | undefined
  /** When it was experienced, UTC text; now unless given. */
  readonly timestamp?: string | undefined
}

/** Records an experience and learns from it; belongs into a transaction. */
export function learn(
  core: Core,
  agentId: string,
  experience: CheckedExperience,
  { isValued = true, timestamp = sqlTime(core.now()) }: LearnOptions = {},
): LearnResult {
  const { learners, valueCache, experiences } = core
  const learner = learners.get(agentId)
  const { row } = experience
  const previous = learner.algorithm === 'sarsa' ? experiences.lastOfEpisode(agentId, row.episodeId) : undefined
  const id = row.experienceId
  const isNew = experiences.append({ ...row, agentId, timestamp })
  if (!isNew || !isValued) {
    if (isNew) {
      learner.experienceCount++
      learners.changed(learner)
      core.models.drop(agentId)
    }
    const value = valueCache.get(agentId, experience.stateKey, experience.actionKey)?.value
    return { id, learned: isNew, value, error: undefined, explorationRate: learner.currentExplorationRate }
  }
  const update = learnValue(core, learner, experience, previous, timestamp)
  // Planning may have changed it again.
  const known = valueCache.get(agentId, experience.stateKey, experience.actionKey)?.value
  const { value, error } = update ?? { value: undefined, error: undefined }
  return {
    id,
    learned: true,
    value: value === undefined ? undefined : (known ?? value),
    error,
    explorationRate: learner.currentExplorationRate,
  }
}

/**
 * Learns from an experience that is stored; belongs into a transaction. Answers the update of its value, or undefined where the
 * rule waits for the next action. @param previous the experience before it in its episode. @param time UTC text.
 */
export function learnValue(
  core: Core,
  learner: Learner,
  experience: CheckedExperience,
  previous: ExperienceRow | undefined,
  time: string,
): ValueUpdate | undefined {
  const { row } = experience
  const update =
    learner.algorithm === 'lin-ucb'
      ? learnLinear(core, learner, linearOf(experience), time)
      : core.updates.learn(learner, experience, previous, time)
  learner.experienceCount++
  if (row.terminated || row.truncated) {
    const { currentExplorationRate, explorationDecay, minExplorationRate } = learner
    learner.currentExplorationRate = decayed(currentExplorationRate, explorationDecay, minExplorationRate)
  }
  core.learners.changed(learner)
  if (learner.planningSteps > 0) planAhead(core, learner, experience, time)
  else core.models.drop(learner.agentId)
  return update
}

/** The planning of Dyna-Q: learns again from pairs of state and action that were tried. Sutton & Barto (2018), section 8.2. */
function planAhead(core: Core, learner: Learner, experience: CheckedExperience, time: string): void {
  const { stateKey, actionKey, nextStateKey, availableKeys, row } = experience
  const { reward, terminated } = row
  const newest = { stateKey, actionKey, reward, nextStateKey, availableKeys, terminated }
  const model = core.models.with(learner.agentId, newest)
  for (let i = 0; i < learner.planningSteps; i++) {
    const drawn = model.draw(learner.random)
    if (drawn) core.updates.relearn(learner, drawn, time, 1)
  }
}

function linearOf({ row, actionKey }: CheckedExperience): Parameters<typeof learnLinear>[2] {
  return { state: JSON.parse(row.state) as JsonValue, actionKey, reward: row.reward }
}
