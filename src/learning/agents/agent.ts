import { isLinear } from '../../algorithms/algorithms.ts'
import { type Choice, choose, type KeyedValue, type SelectOptions } from '../../algorithms/choice.ts'
import { keyOf } from '../../algorithms/keys/keys.ts'
import { hardlyRecur, shareSeenOnce } from '../../algorithms/unseen-states.ts'
import { checkBoolean, checkList } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import type { LearnerConfiguration } from '../../tables/learner-configuration.ts'
import type { Core } from '../core/core.ts'
import { checkExperience, type Experience } from '../core/experience.ts'
import { type LearnResult, learn } from '../core/learn.ts'
import { type Learner, learnedScaleOf, policyOf } from '../core/learners.ts'
import type { ReplayOptions, ReplayResult } from '../core/replay.ts'
import type { Execution } from '../executions/execution.ts'
import type { LearnFromExecutionResult } from '../executions/executions.ts'
import type { AgentStatistics } from '../executions/statistics.ts'
import type { LazyModules } from '../lazy-modules.ts'
import { AgentExperiences, AgentValues } from './agent-collections.ts'
import type { ExplainOptions, Explanation } from './explanation.ts'
import type { PlanOptions, PlanResult } from './plan.ts'
import type { Recommendation, RecommendOptions } from './recommendation.ts'

export type { LearnResult }

/** Configuration and progress of an agent. */
export interface AgentStatus extends LearnerConfiguration {
  /** The id of the agent. */
  readonly id: string
  /** The exploration rate after decay, in [0, 1]. */
  readonly currentExplorationRate: number
  /** Number of experiences that the agent has learned from, including those that were pruned since. */
  readonly experienceCount: number
  /**
   * The scale of the rewards as far as it was learned: the root mean square deviation of update targets from the values
   * that they moved. Null if it was not.
   */
  readonly learnedScale: number | null
  /** What limits how well the agent can learn, as sentences for people; empty if nothing is known to. */
  readonly warnings: readonly string[]
}

const EARLIER_MODEL =
  'The model is that of an earlier version, without an intercept, because experiences that it was learned from were pruned: it is approximate.'

/** An agent that learns which action works in which state. It holds no state: every call reads the store. */
export class Agent {
  /** The id of the agent. */
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
    this.experiences = new AgentExperiences(core, lazyModules, id)
    this.values = new AgentValues(core, id)
  }

  /**
   * Returns the agent's configuration and progress.
   *
   * @throws INVALID_ARGUMENT
   */
  status(): AgentStatus {
    const learner = this.#core.learners.get(this.id)
    const { agentId, random, configuredAt, deviationCount, deviationSquares, ...rest } = learner
    return { id: agentId, ...rest, learnedScale: learnedScaleOf(learner), warnings: this.#warnings() }
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
  selectAction(state: JsonValue, options: SelectOptions = {}): Choice {
    const stateKey = keyOf(state, 'state')
    const learner = this.#core.learners.get(this.id)
    const draw = (): number => this.#draw(learner)
    if (isLinear(learner.algorithm)) return this.#core.linear().choose(learner, state, options, draw)
    return choose(this.#valuesFor(state, stateKey, options), options, policyOf(learner), draw)
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
  learn(experience: Experience): LearnResult {
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
  learnMany(experiences: readonly Experience[]): LearnResult[] {
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
  learnFromExecution(execution: Execution): LearnFromExecutionResult {
    const { checkExecution, learnFromExecution } = this.#lazyModules.get('executions')
    const defaults = this.#core.defaultsOf(this.id)
    const checked = checkExecution(this.id, execution, defaults)
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
  recommend(state: JsonValue, options: RecommendOptions = {}): Recommendation {
    return this.#lazyModules.get('recommendation').recommendationFor(this.#core, this.id, state, options)
  }

  /**
   * Explains by the agent's linear model which features of a state speak for an action and which against it.
   *
   * @returns the predicted reward, and the features that add most to it or take most from it.
   * @throws INVALID_ARGUMENT
   * @throws UNSUPPORTED for an agent that learns a table of values
   */
  explain(state: JsonValue, options: ExplainOptions = {}): Explanation {
    return this.#lazyModules.get('recommendation').explanationFor(this.#core, this.id, state, options)
  }

  #warnings(): string[] {
    if (this.#core.hasLinearModel(this.id)) return this.#core.hasEarlierArms(this.id) ? [EARLIER_MODEL] : []
    const count = this.#core.countStates(this.id)
    if (!hardlyRecur(count)) return []
    const share = Math.floor(100 * (shareSeenOnce(count) ?? 0))
    return [
      `${share} % of ${count.states} states were seen only once, so that a table of values learns little. Leave out of the state what never recurs, or use a learner of features: the algorithm linear.`,
    ]
  }

  /** The values to choose by: those of the state, or of similar ones if it has none. */
  #valuesFor(state: JsonValue, stateKey: string, { actions }: SelectOptions): readonly KeyedValue[] {
    const known = this.#core.valueCache.of(this.id, stateKey)
    if (known.length > 0 || actions === undefined || !this.#core.usesSimilarStates(this.id)) return known
    return this.#lazyModules.get('recommendation').valuesOfSimilarStates(this.#core, this.id, state, actions)
  }

  #draw(learner: Learner): number {
    this.#core.learners.changed(learner)
    return learner.random.next()
  }
}
