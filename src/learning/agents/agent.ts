import { type Choice, choose, type SelectOptions } from '../../algorithms/choice.ts'
import { keyOf, type PlainValue } from '../../algorithms/keys/keys.ts'
import { checkBoolean, checkList } from '../../checks.ts'
import type { LearnerConfiguration } from '../../tables/learners.ts'
import type { Core } from '../core/core.ts'
import { checkExperience, type Experience } from '../core/experience.ts'
import { type Learned, learn } from '../core/learn.ts'
import { type Learner, policyOf } from '../core/learners.ts'
import { chooseLinear } from '../core/linear-arms.ts'
import { checkReplay, type Replayed, type ReplayOptions, replay } from '../core/replay.ts'
import type { Execution } from '../executions/execution.ts'
import type { LearnedExecution } from '../executions/executions.ts'
import type { AgentStatistics } from '../executions/statistics.ts'
import type { StoreParts } from '../lazy-modules.ts'
import type { Planned, PlanOptions } from './plan.ts'
import { type Advice, adviceFor } from './recommendation.ts'

export type { Learned }

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
  readonly #parts: StoreParts

  constructor(core: Core, parts: StoreParts, id: string) {
    this.#core = core
    this.#parts = parts
    this.id = id
  }

  /** How the agent is configured, how much it explores now, and how many experiences it has. */
  status(): AgentStatus {
    const { agentId, random, configuredAt, ...rest } = this.#core.learners.get(this.id)
    return { id: agentId, ...rest }
  }

  /** Chooses by the agent's policy. @throws INVALID_ARGUMENT, also where nothing is available and nothing was seen. */
  selectAction(state: PlainValue, options: SelectOptions = {}): Choice {
    const stateKey = keyOf(state, 'state')
    const learner = this.#core.learners.get(this.id)
    const draw = (): number => this.#draw(learner)
    if (learner.algorithm === 'lin-ucb') return chooseLinear(this.#core, learner, state, options, draw)
    return choose(this.#core.cells.of(this.id, stateKey), options, policyOf(learner), draw)
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
    return this.#core.transaction(() => checked.map((one) => learn(this.#core, this.id, one)))
  }

  /**
   * Learns from a task that was carried out, in one transaction: its experience and the value of its action, the strategy
   * that may become a pattern, history and metrics, and every so often from older experiences again. An id that is known
   * changes nothing. @throws INVALID_ARGUMENT
   */
  learnFromExecution(execution: Execution): LearnedExecution {
    const { checkExecution, learnFromExecution } = this.#parts.get('executing')
    const { learners, newId } = this.#core
    const defaults = { id: newId, taskType: learners.get(this.id).type }
    const checked = checkExecution(this.id, execution, defaults)
    return this.#core.transaction(() => learnFromExecution(this.#core, this.id, checked))
  }

  /** Learns again from experiences that are kept. No visit is counted, and exploration stays. @throws INVALID_ARGUMENT */
  replay(options: ReplayOptions = {}): Replayed {
    this.#core.learners.get(this.id)
    const checked = checkReplay(options)
    return this.#core.transaction(() => replay(this.#core, this.id, checked))
  }

  /**
   * Derives values from all that the agent experienced, as a model of how often each action led where, by value iteration
   * with the agent's discount factor. @throws INVALID_ARGUMENT
   */
  plan(options: PlanOptions = {}): Planned {
    const { checkPlan, plan } = this.#parts.get('plan')
    this.#core.learners.get(this.id)
    const checked = checkPlan(options)
    return this.#core.transaction(() => plan(this.#core, this.id, checked))
  }

  /** Whether the classes that learn by themselves do so for this agent; whoever calls `learn` is not asked. Kept. */
  setEnabled(isEnabled: boolean): void {
    this.#core.learners.get(this.id)
    this.#parts.get('executing').setEnabled(this.#core, this.id, checkBoolean(isEnabled, 'enabled'))
  }

  /** True unless it was disabled. */
  isEnabled(): boolean {
    this.#core.learners.get(this.id)
    return this.#parts.get('executing').isEnabled(this.#core, this.id)
  }

  /** How far the agent is, counted in the tables. */
  statistics(): AgentStatistics {
    this.#core.learners.get(this.id)
    return this.#parts.get('executing').statisticsOf(this.#core, this.id)
  }

  /**
   * What the agent would do here, how sure it is, and what that rests on: what was learned in this state, else in the states
   * most like it, else nothing. @throws INVALID_ARGUMENT
   */
  recommendStrategy(state: PlainValue): Advice {
    return adviceFor(this.#core, this.id, state)
  }

  #draw(learner: Learner): number {
    this.#core.learners.changed(learner)
    return learner.random.next()
  }
}
