import { argMaxima, decayed, drawIndex, epsilonGreedy } from '../algorithms/exploration.ts'
import { keyOf, type PlainValue } from '../algorithms/keys.ts'
import { parseKey } from '../algorithms/parse-key.ts'
import type { LearnerConfiguration } from '../tables/learners.ts'
import { sqlTime } from '../tables/sql-time.ts'
import { type Advice, adviceFor } from './advice.ts'
import { checkBoolean, checkList, checkOptions, invalid } from './checks.ts'
import type { Core } from './core.ts'
import { type CheckedExperience, checkExperience, type Experience, keysOf } from './experience.ts'
import type { Learner } from './learners.ts'

export interface SelectOptions {
  /** What is to choose from; the actions seen in this state unless given. */
  readonly availableActions?: readonly PlainValue[]
  /** Choose the best known action, without exploring. */
  readonly greedy?: boolean
}

export interface ActionValue {
  readonly action: PlainValue
  /** The learned worth; 0 where nothing was learned. */
  readonly value: number
  /** How many experiences the value rests on. */
  readonly visits: number
}

export interface Choice {
  readonly action: PlainValue
  /** The probability with which the policy chooses this action here. */
  readonly probability: number
  /** What was to choose from, in the order it was given, or by key. */
  readonly values: readonly ActionValue[]
  /** Whether the action is not one of the best known. */
  readonly explored: boolean
}

export interface Learned {
  /** The id that the experience is kept under. */
  readonly id: string
  /** False where the id was known: nothing was learned twice. */
  readonly learned: boolean
  /** The value of the action after the update; undefined where the rule waits for the next action, or nothing was learned. */
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
    const { greedy, availableActions } = checkOptions(options, 'the options', ['availableActions', 'greedy'])
    const isGreedy = greedy !== undefined && checkBoolean(greedy, 'greedy')
    const learner = this.#core.learners.get(this.id)
    const values = this.#valuesOf(keyOf(state, 'state'), availableActions)
    const numbers = values.map(({ value }) => value)
    const best = argMaxima(numbers)
    const epsilon = isGreedy ? 0 : learner.currentExplorationRate
    const probabilities = epsilonGreedy(numbers, epsilon)
    const isCertain = probabilities.some((probability) => probability === 1)
    const chosen = isCertain ? (best[0] ?? 0) : drawIndex(probabilities, this.#draw(learner))
    const { action } = values[chosen] as ActionValue
    return { action, probability: probabilities[chosen] ?? 0, values, explored: !best.includes(chosen) }
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

  #valuesOf(stateKey: string, availableActions: readonly PlainValue[] | undefined): ActionValue[] {
    const rows = this.#core.cells.of(this.id, stateKey)
    if (availableActions === undefined) {
      if (rows.length === 0)
        throw invalid('availableActions', 'given for a state in which no action was seen', undefined)
      return rows.map(({ actionKey, value, visits }) => ({ action: parseKey(actionKey), value, visits }))
    }
    const keys = keysOf(availableActions)
    if (keys.length === 0) throw invalid('availableActions', 'a list of at least one action', availableActions)
    if (new Set(keys).size < keys.length)
      throw invalid('availableActions', 'different from each other', availableActions)
    return keys.map((key, i) => {
      const row = rows.find(({ actionKey }) => actionKey === key)
      return { action: availableActions[i] as PlainValue, value: row?.value ?? 0, visits: row?.visits ?? 0 }
    })
  }
}
