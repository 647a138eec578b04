import { type Choice, choose, type SelectOptions } from '../algorithms/choice.ts'
import { decayed } from '../algorithms/exploration.ts'
import { keyOf, type PlainValue } from '../algorithms/keys.ts'
import { checkList } from '../checks.ts'
import type { LearnerConfiguration } from '../tables/learners.ts'
import { sqlTime } from '../tables/sql-time.ts'
import { type Advice, adviceFor } from './advice.ts'
import type { Core } from './core.ts'
import { type CheckedExperience, checkExperience, type Experience } from './experience.ts'
import type { Learner } from './learners.ts'

export interface Learned {
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

/** How an agent learns and how far it is. */
export interface AgentStatus extends LearnerConfiguration {
  readonly id: string
  /** The exploration rate as decayed. */
  readonly currentExplorationRate: number
  readonly experienceCount: number
}

/** One learner. It holds no state: every call reads the store. */
export class Agent {
  readonly id: string
  readonly #core: Core

  constructor(core: Core, id: string) {
    this.#core = core
    this.id = id
  }

  status(): AgentStatus {
    const { agentId, random, ...rest } = this.#core.learners.get(this.id)
    return { id: agentId, ...rest }
  }

  /** Chooses by the agent's policy. @throws INVALID_ARGUMENT, also where nothing is available and nothing was seen. */
  selectAction(state: PlainValue, options: SelectOptions = {}): Choice {
    const stateKey = keyOf(state, 'state')
    const learner = this.#core.learners.get(this.id)
    const known = this.#core.cells.of(this.id, stateKey)
    return choose(known, options, learner.currentExplorationRate, () => this.#draw(learner))
  }

  /** Records an experience and learns from it. */
  learn(experience: Experience): Learned {
    return this.learnMany([experience])[0] as Learned
  }

  /** Records and learns from all of them in this order, or, when one is refused, from none. */
  learnMany(experiences: readonly Experience[]): Learned[] {
    const { learners, newId } = this.#core
    const defaults = { id: newId, taskType: learners.get(this.id).type }
    const checked = checkList(experiences, 'experiences').map((one) => checkExperience(one as Experience, defaults))
    return this.#core.transaction(() => checked.map((one) => this.#learn(one)))
  }

  /** What the agent would do here, how sure it is, and what that rests on. */
  recommendStrategy(state: PlainValue): Advice {
    return adviceFor(this.#core.cells.of(this.id, keyOf(state, 'state')))
  }

  #learn(experience: CheckedExperience): Learned {
    const { learners, cells, experiences, updates, now } = this.#core
    const learner = learners.get(this.id)
    const timestamp = sqlTime(now())
    const { row } = experience
    const previous = learner.algorithm === 'sarsa' ? experiences.lastOfEpisode(this.id, row.episodeId) : undefined
    const id = row.experienceId
    if (!experiences.append({ ...row, agentId: this.id, timestamp })) {
      const value = cells.get(this.id, experience.stateKey, experience.actionKey)?.value
      return { id, learned: false, value, error: undefined, explorationRate: learner.currentExplorationRate }
    }
    const update = updates.learn(learner, experience, previous, timestamp)
    learner.experienceCount++
    if (row.terminated || row.truncated) {
      const { currentExplorationRate, explorationDecay, minExplorationRate } = learner
      learner.currentExplorationRate = decayed(currentExplorationRate, explorationDecay, minExplorationRate)
    }
    learners.changed(learner)
    const { value, error } = update ?? { value: undefined, error: undefined }
    return { id, learned: true, value, error, explorationRate: learner.currentExplorationRate }
  }

  #draw(learner: Learner): number {
    this.#core.learners.changed(learner)
    return learner.random.next()
  }
}
