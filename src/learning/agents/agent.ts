import { type Choice, choose, type SelectOptions } from '../../algorithms/choice.ts'
import { keyOf } from '../../algorithms/keys/keys.ts'
import { checkBoolean, checkList } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import type { LearnerConfiguration } from '../../tables/learners.ts'
import type { Core } from '../core/core.ts'
import { checkExperience, type Experience } from '../core/experience.ts'
import { type LearnResult, learn } from '../core/learn.ts'
import { type Learner, policyOf } from '../core/learners.ts'
import { chooseLinear } from '../core/linear-arms.ts'
import { checkReplay, type ReplayOptions, type ReplayResult, replay } from '../core/replay.ts'
import type { Execution } from '../executions/execution.ts'
import type { LearnFromExecutionResult } from '../executions/executions.ts'
import type { AgentStatistics } from '../executions/statistics.ts'
import type { LazyModules } from '../lazy-modules.ts'
import { AgentExperiences, AgentValues } from './agent-collections.ts'
import type { PlanOptions, PlanResult } from './plan.ts'
import { type Recommendation, recommendationFor } from './recommendation.ts'

export type { LearnResult }

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
  /** The experiences of this agent. */
  readonly experiences: AgentExperiences
  /** The learned values of this agent. */
  readonly values: AgentValues
  readonly #core: Core
  readonly #lazyModules: LazyModules

  constructor(core: Core, lazyModules: LazyModules, id: string) {
    this.#core = core
    this.#lazyModules = lazyModules
    this.id = id
    this.experiences = new AgentExperiences(core, id)
    this.values = new AgentValues(core, id)
  }

  /** How the agent is configured, how much it explores now, and how many experiences it has. */
  status(): AgentStatus {
    const { agentId, random, configuredAt, ...rest } = this.#core.learners.get(this.id)
    return { id: agentId, ...rest }
  }

  /** Chooses by the agent's policy. @throws INVALID_ARGUMENT, also where nothing is available and nothing was seen. */
  selectAction(state: JsonValue, options: SelectOptions = {}): Choice {
    const stateKey = keyOf(state, 'state')
    const learner = this.#core.learners.get(this.id)
    const draw = (): number => this.#draw(learner)
    if (learner.algorithm === 'lin-ucb') return chooseLinear(this.#core, learner, state, options, draw)
    return choose(this.#core.valueCache.of(this.id, stateKey), options, policyOf(learner), draw)
  }

  /** Records an experience and learns from it. */
  learn(experience: Experience): LearnResult {
    return this.learnMany([experience])[0] as LearnResult
  }

  /** Records and learns from all of them in this order, or, when one is refused, from none. */
  learnMany(experiences: readonly Experience[]): LearnResult[] {
    const { learners, newId } = this.#core
    const defaults = { id: newId, taskType: learners.get(this.id).type }
    const checked = checkList(experiences, 'experiences').map((one) => checkExperience(one as Experience, defaults))
    return this.#core.transaction(() => checked.map((one) => learn(this.#core, this.id, one)))
  }

  /**
   * Learns from a task that was carried out, in one transaction: its experience and the value of its action, the strategy
   * that may become a pattern, history and metrics, and every so often from older experiences again. An id that is known
   * changes nothing. @throws INVALID_ARGUMENT
   */
  learnFromExecution(execution: Execution): LearnFromExecutionResult {
    const { checkExecution, learnFromExecution } = this.#lazyModules.get('executions')
    const { learners, newId } = this.#core
    const defaults = { id: newId, taskType: learners.get(this.id).type }
    const checked = checkExecution(this.id, execution, defaults)
    return this.#core.transaction(() => learnFromExecution(this.#core, this.id, checked))
  }

  /** Learns again from experiences that are kept. No visit is counted, and exploration stays. @throws INVALID_ARGUMENT */
  replay(options: ReplayOptions = {}): ReplayResult {
    this.#core.learners.get(this.id)
    const checked = checkReplay(options)
    return this.#core.transaction(() => replay(this.#core, this.id, checked))
  }

  /**
   * Derives values from all that the agent experienced, as a model of how often each action led where, by value iteration
   * with the agent's discount factor. @throws INVALID_ARGUMENT
   */
  plan(options: PlanOptions = {}): PlanResult {
    const { checkPlan, plan } = this.#lazyModules.get('plan')
    this.#core.learners.get(this.id)
    const checked = checkPlan(options)
    return this.#core.transaction(() => plan(this.#core, this.id, checked))
  }

  /** Whether the classes that learn by themselves do so for this agent; whoever calls `learn` is not asked. StoredState. */
  setLearningEnabled(isEnabled: boolean): void {
    this.#core.learners.get(this.id)
    this.#lazyModules.get('executions').setEnabled(this.#core, this.id, checkBoolean(isEnabled, 'enabled'))
  }

  /** True unless it was disabled. */
  isLearningEnabled(): boolean {
    this.#core.learners.get(this.id)
    return this.#lazyModules.get('executions').isEnabled(this.#core, this.id)
  }

  /** How far the agent is, counted in the tables. */
  getStatistics(): AgentStatistics {
    this.#core.learners.get(this.id)
    return this.#lazyModules.get('executions').statisticsOf(this.#core, this.id)
  }

  /**
   * What the agent would do here, how sure it is, and what that rests on: what was learned in this state, else in the states
   * most like it, else nothing. @throws INVALID_ARGUMENT
   */
  recommend(state: JsonValue): Recommendation {
    return recommendationFor(this.#core, this.id, state)
  }

  #draw(learner: Learner): number {
    this.#core.learners.changed(learner)
    return learner.random.next()
  }
}
