import type { Choice, SelectOptions } from '../../algorithms/choice.ts'
import { checkBoolean, checkList } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import type { Core } from '../core/core.ts'
import { checkExperience, type Experience } from '../core/experience.ts'
import { type LearnResult, learn } from '../core/learn.ts'
import type { ReplayOptions, ReplayResult } from '../core/replay.ts'
import type { DecideOptions, DecideResult, DecisionRewardOptions } from '../decisions/decision.ts'
import type { Execution } from '../executions/execution.ts'
import type { LearnFromExecutionResult } from '../executions/executions.ts'
import type { AgentStatistics } from '../executions/statistics.ts'
import type { LazyModules } from '../lazy-modules.ts'
import { AgentDecisions, AgentExperiences, AgentValues } from './agent-collections.ts'
import type { AgentStatus } from './agent-status.ts'
import type { ExplainOptions, Explanation } from './explanation.ts'
import type { PlanOptions, PlanResult } from './plan.ts'
import type { Recommendation, RecommendOptions } from './recommendation.ts'
import { selectAction } from './select-action.ts'

export type { AgentStatus, LearnResult }

/** An agent that learns which action works in which state. It holds no state: every call reads the store. */
export class Agent<State = JsonValue, Action = JsonValue> {
  /** The id of the agent. */
  readonly id: string
  /** The experiences of this agent. */
  readonly experiences: AgentExperiences<State, Action>
  /** The decisions of this agent, whose rewards come later. */
  readonly decisions: AgentDecisions<State, Action>
  /** The learned values of this agent. */
  readonly values: AgentValues<State, Action>
  readonly #core: Core
  readonly #lazyModules: LazyModules

  constructor(core: Core, lazyModules: LazyModules, id: string) {
    this.#core = core
    this.#lazyModules = lazyModules
    this.id = id
    this.experiences = new AgentExperiences(core, lazyModules, id)
    this.decisions = new AgentDecisions(lazyModules, id)
    this.values = new AgentValues(core, id)
  }

  /**
   * Returns the agent's configuration and progress.
   *
   * @throws INVALID_ARGUMENT
   */
  status(): AgentStatus {
    return this.#lazyModules.get('inspection').statusOf(this.#core, this.id)
  }

  /**
   * Chooses an action by the agent's policy.
   *
   * @returns the action, its probability under the policy, and the values of all available actions.
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const agent = await store.agent('router', { policy: 'softmax', temperature: 0.5 })
   * const { action, probability } = await agent.selectAction({ load: 'high' }, { actions: ['queue', 'reject'] })
   * console.log(action, probability) // each action with probability 0.5, because nothing was learned yet
   * await store.close()
   * ```
   */
  selectAction<A extends Action = Action>(state: State, options: SelectOptions<A> = {}): Choice<A> {
    const plain = options as SelectOptions
    return selectAction(this.#core, this.#lazyModules, this.id, state as JsonValue, plain) as Choice<A>
  }

  /**
   * Chooses an action by the agent's policy and records the decision: what was offered, the choice and its probability.
   * Its reward can come later, by its id, from any process that opens the store.
   *
   * @returns the action, and the id for `reward`; for an id that was used before, the first result.
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const agent = await store.agent('router')
   * const { id, action } = await agent.decide({ load: 'high' }, { actions: ['queue', 'reject'] })
   * const { value } = await agent.reward(id, 1) // now, or next week
   * console.log(action, value) // one of the two, 0.1
   * await store.close()
   * ```
   */
  decide<A extends Action = Action>(state: State, options: DecideOptions<A> = {}): DecideResult<A> {
    const plain = state as JsonValue
    return this.#lazyModules
      .get('decisions')
      .decide(this.id, plain, options as DecideOptions, (select) =>
        selectAction(this.#core, this.#lazyModules, this.id, plain, select),
      ) as DecideResult<A>
  }

  /**
   * Gives a decision its reward: turns it into an experience and learns from it, once. Without a `nextState` the episode
   * ends with it.
   *
   * @returns the updated value; for the same reward again, the first result.
   * @throws INVALID_ARGUMENT
   * @throws NOT_FOUND if the agent has no decision with this id
   * @throws ALREADY_REWARDED if it has another reward, or got `defaultReward` because none came in time
   * @throws DECISION_EXPIRED if none came in time, and the agent has no `defaultReward`
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const agent = await store.agent('walker')
   * const { id } = await agent.decide('door', { actions: ['enter'] })
   * await agent.reward(id, 0, { nextState: 'hall' })
   * console.log((await agent.decisions.get(id))?.status) // rewarded
   * await store.close()
   * ```
   */
  reward(id: string, reward: number, options: DecisionRewardOptions<State, Action> = {}): LearnResult {
    return this.#lazyModules.get('decisions').reward(this.id, id, reward, options as DecisionRewardOptions)
  }

  /**
   * Stores an experience and learns from it.
   *
   * @returns the id of the experience and the updated value.
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const agent = await store.agent('router')
   * const { value } = await agent.learn({ state: 'busy', action: 'queue', reward: 1, terminated: true })
   * console.log(value) // 0.1
   * await store.close()
   * ```
   */
  learn(experience: Experience<State, Action>): LearnResult {
    return this.learnMany([experience])[0] as LearnResult
  }

  /**
   * Stores several experiences and learns from them in order, in one transaction: if one is invalid, none is stored.
   *
   * @returns one result per experience, in order.
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const agent = await store.agent('walker')
   * const results = await agent.learnMany([
   *   { state: 'door', action: 'enter', reward: 0, nextState: 'hall' },
   *   { state: 'hall', action: 'rest', reward: 1, terminated: true },
   * ])
   * console.log(results.map(({ value }) => value)) // [0, 0.1]
   * await store.close()
   * ```
   */
  learnMany(experiences: readonly Experience<State, Action>[]): LearnResult[] {
    const defaults = this.#core.defaultsOf(this.id)
    const checked = checkList(experiences, 'experiences').map((one) => checkExperience(one as Experience, defaults))
    return this.#core.transaction(() => checked.map((one) => learn(this.#core, this.id, one)))
  }

  /**
   * Learns from a completed task in one transaction: stores its experience, updates the value of its action, counts the
   * use of its strategy (which may become a pattern), appends history and metrics, and periodically replays older
   * experiences. If the agent already has an experience with this id, nothing changes.
   *
   * @returns the updated value, the best patterns for the task type, and the improvement so far.
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const agent = await store.agent('tester')
   * const task = { state: 'api', action: 'parallel', reward: 1, success: true, executionTimeMs: 120 }
   * const { value, newPerformance } = await agent.learnFromExecution({ ...task, taskType: 'integration-test' })
   * console.log(value, newPerformance) // 0.1 1
   * await store.close()
   * ```
   */
  learnFromExecution(execution: Execution<State, Action>): LearnFromExecutionResult {
    const { checkExecution, learnFromExecution } = this.#lazyModules.get('executions')
    const defaults = this.#core.defaultsOf(this.id)
    const checked = checkExecution(this.id, execution as Execution, defaults)
    return this.#core.transaction(() => learnFromExecution(this.#core, this.id, checked))
  }

  /**
   * Learns again from stored experiences, or for the first time from those that were only recorded. Visits grow up to the
   * number of stored experiences of the action, and the exploration rate does not decay.
   *
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const agent = await store.agent('router')
   * await agent.learn({ state: 'busy', action: 'queue', reward: 1, terminated: true })
   * const { replayed } = await agent.replay({ batchSize: 8, prioritized: true })
   * console.log(replayed) // 8
   * await store.close()
   * ```
   */
  replay(options: ReplayOptions = {}): ReplayResult {
    const { checkReplay, replay } = this.#lazyModules.get('replay')
    this.#core.learners.get(this.id)
    const checked = checkReplay(options)
    return this.#core.transaction(() => replay(this.#core, this.id, checked))
  }

  /**
   * Computes the values of all experienced actions by value iteration over a tabular model, the transition counts of
   * the agent's stored experiences, with the agent's discount factor.
   *
   * @throws INVALID_ARGUMENT
   * @throws UNSUPPORTED for an agent with a linear model
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const agent = await store.agent('walker', { discountFactor: 0.9 })
   * await agent.learn({ state: 'door', action: 'enter', reward: 0, nextState: 'hall' })
   * await agent.learn({ state: 'hall', action: 'rest', reward: 1, terminated: true })
   * const { states, converged } = await agent.plan()
   * const [enter] = await agent.values.get('door')
   * console.log(states, converged, enter?.value) // 2 true 0.9
   * await store.close()
   * ```
   */
  plan(options: PlanOptions = {}): PlanResult {
    const { checkPlan, plan } = this.#lazyModules.get('plan')
    this.#core.learners.get(this.id)
    const checked = checkPlan(options)
    return this.#core.transaction(() => plan(this.#core, this.id, checked))
  }

  /**
   * Enables or disables automatic learning for this agent, for all processes that use the store. Only classes that
   * learn on their own respect it (`LearningEngine`, `BaseAgent`); explicit calls of `learn` always learn.
   *
   * @throws INVALID_ARGUMENT
   */
  setLearningEnabled(isEnabled: boolean): void {
    this.#core.learners.get(this.id)
    this.#lazyModules.get('executions').setEnabled(this.#core, this.id, checkBoolean(isEnabled, 'enabled'))
  }

  /**
   * Returns whether automatic learning is enabled. Default: true.
   *
   * @throws INVALID_ARGUMENT
   */
  isLearningEnabled(): boolean {
    this.#core.learners.get(this.id)
    return this.#lazyModules.get('executions').isEnabled(this.#core, this.id)
  }

  /**
   * Returns statistics of the agent, counted in the tables.
   *
   * @throws INVALID_ARGUMENT
   */
  getStatistics(): AgentStatistics {
    this.#core.learners.get(this.id)
    return this.#lazyModules.get('executions').statisticsOf(this.#core, this.id)
  }

  /**
   * Recommends the best known action for a state. Actions are ranked by their mean reward less one standard error, so
   * that one lucky try does not outrank 95 successes in 100. If nothing was learned in the state, the recommendation is
   * based on the most similar states.
   *
   * @returns the action, its value, the probability that it is the best, alternatives, and the evidence.
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const agent = await store.agent('router')
   * await agent.learn({ state: { load: 0.9 }, action: 'queue', reward: 1, terminated: true })
   * await agent.learn({ state: { load: 0.9 }, action: 'reject', reward: 0, terminated: true })
   * const { action, probabilityBest } = await agent.recommend({ load: 0.9 }, { actions: ['queue', 'reject'] })
   * console.log(action, probabilityBest.toFixed(2)) // queue 0.83
   * await store.close()
   * ```
   */
  recommend<A extends Action = Action>(state: State, options: RecommendOptions<A> = {}): Recommendation<A> {
    const { recommendationFor } = this.#lazyModules.get('recommendation')
    return recommendationFor(this.#core, this.id, state as JsonValue, options as RecommendOptions) as Recommendation<A>
  }

  /**
   * Explains by the agent's linear model which features of a state speak for an action and which against it.
   *
   * @returns the predicted reward, and the features that add most to it or take most from it.
   * @throws INVALID_ARGUMENT; UNSUPPORTED for an agent that learns a table of values
   */
  explain(state: State, options: ExplainOptions<Action> = {}): Explanation<Action> {
    const { explanationFor } = this.#lazyModules.get('recommendation')
    return explanationFor(this.#core, this.id, state as JsonValue, options as ExplainOptions) as Explanation<Action>
  }
}
