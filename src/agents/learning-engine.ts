import type { Choice } from '../algorithms/choice.ts'
import { keyOf } from '../algorithms/keys/keys.ts'
import { REWARD_RANGE } from '../algorithms/rewards.ts'
import { checkBoolean, checkList, checkName } from '../checks.ts'
import type { AsyncAgent, AsyncStore } from '../client/async-store.ts'
import type { AgentStatus } from '../learning/agents/agent.ts'
import type { Experience } from '../learning/core/experience.ts'
import type { LearnResult } from '../learning/core/learn.ts'
import type { ReplayOptions, ReplayResult } from '../learning/core/replay.ts'
import type { AgentStatistics } from '../learning/executions/statistics.ts'
import type { FailurePattern, Pattern } from '../learning/patterns/pattern.ts'
import type { LearnerConfiguration } from '../tables/learner-configuration.ts'
import { checkEngineOptions, checkLearnsFromTasks, type LearningEngineOptions } from './engine-options.ts'
import { executionOf } from './execution-of.ts'
import { type LearningOutcome, notLearned, outcomeOfLearning } from './learning-outcome.ts'
import type { AgentPlatform } from './platform.ts'
import { type StrategyRecommendation, strategyRecommendationOf } from './recommendation.ts'
import { RewardCalculator } from './reward-calculator.ts'
import { StoreInUse } from './shared-store-handle.ts'
import { type AgentAction, actionOf, stateOfEither, type Task, type TaskState } from './task.ts'
import type { LearningFeedback, TaskResult } from './task-result.ts'

/** The configuration and statistics of an agent. */
export interface QLearningStats extends AgentStatistics, Omit<AgentStatus, 'explorationRate' | 'id'> {
  readonly agentId: string
  readonly enabled: boolean
}

interface Opened {
  readonly store: AsyncStore
  readonly agent: AsyncAgent
}

/**
 * The learning engine of agentic-qe: one agent with a stable id, which learns from tasks. All state is in the store and each task is
 * one operation, so a new engine with the same id continues where the last one stopped. Methods throw INVALID_ARGUMENT, CLOSED after
 * `dispose`, and what opening a store throws.
 */
export class LearningEngine {
  readonly agentId: string
  readonly rewards: RewardCalculator
  readonly #options: ReturnType<typeof checkEngineOptions>
  readonly #inUse: StoreInUse
  #opening: Promise<Opened> | undefined
  /** Set by the options or `setEnabled`. */
  #isEnabled: boolean | undefined
  /** What the store held when it was opened. */
  #isEnabledInStore = true
  /** The type of tasks whose states do not name it; null before the agent's first task. */
  #defaultTaskType: string | null = null
  #isQLearning: boolean

  /** @param agentId a stable id @throws INVALID_ARGUMENT */
  constructor(agentId: string, options: LearningEngineOptions, platform: AgentPlatform) {
    this.agentId = checkName(agentId, 'agent id')
    this.#options = checkEngineOptions(options)
    const { store, openStore } = this.#options
    this.#inUse = new StoreInUse({ store, openStore }, platform, 'a learning engine')
    this.rewards = new RewardCalculator(this.#options.reward)
    const { enabled } = this.#options
    this.#isEnabled = enabled === undefined ? undefined : checkBoolean(enabled, 'enabled')
    this.#isQLearning = checkBoolean(this.#options.qLearning ?? true, 'qLearning')
  }

  /** Opens the store; other methods do so when needed. */
  async initialize(): Promise<void> {
    await this.#open()
  }

  /**
   * Learns from a task and its result in one operation: experience, value, pattern, history and metrics. Every `updateFrequency`
   * experiences it also replays older ones. While learning is disabled, nothing is learned.
   * @throws INVALID_ARGUMENT
   */
  async learnFromExecution(task: Task, result: TaskResult, feedback?: LearningFeedback): Promise<LearningOutcome> {
    const { discovery = {}, updateFrequency, replay } = this.#options
    const reward = this.rewards.calculate(result, feedback)
    const { agent } = await this.#open()
    if (!this.isEnabled()) return notLearned(reward, await agent.getStatistics())
    const learned = await agent.learnFromExecution({
      ...executionOf(task, result, reward, feedback, this.#defaultTaskType),
      discovery: typeof discovery === 'object' ? { rule: 'rate', ...discovery } : discovery,
      ...(updateFrequency === undefined ? {} : { updateFrequency }),
      ...(replay === undefined ? {} : { replay }),
      learnsValue: this.#isQLearning,
    })
    this.#defaultTaskType ??= (await agent.status()).defaultTaskType
    return outcomeOfLearning(learned, reward)
  }

  /** Same as `learnFromExecution`, under its older name in agentic-qe. */
  recordExperience(task: Task, result: TaskResult, feedback?: LearningFeedback): Promise<LearningOutcome> {
    return this.learnFromExecution(task, result, feedback)
  }

  /** The best known strategy for a state or a task. @throws INVALID_ARGUMENT */
  async recommendStrategy(state: TaskState | Task): Promise<StrategyRecommendation> {
    const { agent } = await this.#open()
    return strategyRecommendationOf(
      await agent.recommend(stateOfEither(state, this.#defaultTaskType), { rewardRange: REWARD_RANGE }),
    )
  }

  /** The successful strategies of the agent, best first; `lacksEvidence` marks those that may owe their success to chance. */
  async getPatterns(): Promise<Pattern[]> {
    const { store } = await this.#open()
    return store.patterns.list({ agentId: this.agentId, minLowerBound: 0 })
  }

  /** The failure patterns of the agent, most frequent first. */
  async getFailurePatterns(): Promise<FailurePattern[]> {
    const { store } = await this.#open()
    return store.patterns.listFailures({ agentId: this.agentId })
  }

  /** The current exploration rate, after decay. */
  async getExplorationRate(): Promise<number> {
    const { agent } = await this.#open()
    return (await agent.status()).currentExplorationRate
  }

  /** Number of experiences of the agent. */
  async getTotalExperiences(): Promise<number> {
    const { agent } = await this.#open()
    return (await agent.status()).experienceCount
  }

  /** Turns learning on or off for this engine; `agent.setLearningEnabled` of the store does so for later ones. */
  setEnabled(isEnabled: boolean): void {
    this.#isEnabled = checkBoolean(isEnabled, 'enabled')
  }

  /** Whether the engine learns. What the store holds for the agent is known after the store was opened. */
  isEnabled(): boolean {
    return this.#isEnabled ?? this.#isEnabledInStore
  }

  /** Turns the learning of values on, and stores the given part of the configuration. @throws INVALID_ARGUMENT */
  async enableQLearning(configuration: Partial<LearnerConfiguration> = {}): Promise<void> {
    checkLearnsFromTasks(configuration)
    const { store } = await this.#open()
    await store.agent(this.agentId, configuration)
    this.#isQLearning = true
  }

  /** Turns the learning of values off; experiences and patterns are stored as before. */
  disableQLearning(): void {
    this.#isQLearning = false
  }

  /** Whether values are learned; experiences and patterns are stored in any case. */
  isQLearningEnabled(): boolean {
    return this.#isQLearning
  }

  /** Adds an experience and learns from it. @throws INVALID_ARGUMENT */
  async learnFromExperience(experience: Experience): Promise<LearnResult> {
    const { agent } = await this.#open()
    return agent.learn(experience)
  }

  /** Chooses one of these actions by the policy of the agent. @throws INVALID_ARGUMENT */
  async selectActionWithPolicy(
    state: TaskState | Task,
    actions: readonly AgentAction[],
  ): Promise<Omit<Choice, 'action'> & { readonly action: AgentAction }> {
    const { agent } = await this.#open()
    const given = checkList(actions, 'actions') as readonly AgentAction[]
    const { action, ...choice } = await agent.selectAction(stateOfEither(state, this.#defaultTaskType), {
      actions: given.map(actionOf),
    })
    const key = keyOf(action)
    return { ...choice, action: given.find((one) => keyOf(actionOf(one)) === key) as AgentAction }
  }

  /** Learns again from stored experiences. @throws INVALID_ARGUMENT */
  async replay(options: ReplayOptions = {}): Promise<ReplayResult> {
    const { agent } = await this.#open()
    return agent.replay(options)
  }

  /** The configuration and statistics of the agent. */
  async getQLearningStats(): Promise<QLearningStats> {
    const { agent } = await this.#open()
    const [{ id, explorationRate: _, ...status }, statistics] = await Promise.all([
      agent.status(),
      agent.getStatistics(),
    ])
    return { ...status, ...statistics, agentId: id, enabled: this.#isQLearning }
  }

  /** Resolves once everything learned so far is on the disk. */
  async flush(): Promise<void> {
    const { store } = await this.#open()
    await store.flush()
  }

  /** Persists everything, and closes the store if the engine opened it. Later calls throw CLOSED. */
  dispose(): Promise<void> {
    return this.#inUse.close()
  }

  #open(): Promise<Opened> {
    if (!this.#opening || this.#inUse.isClosed) {
      this.#opening = this.#openAgent().catch((error: unknown) => {
        // The next call tries again.
        this.#opening = undefined
        throw error
      })
    }
    return this.#opening
  }

  async #openAgent(): Promise<Opened> {
    const store = await this.#inUse.open()
    const agent = await store.agent(this.agentId, this.#options.learner)
    const [isEnabled, { defaultTaskType }] = await Promise.all([agent.isLearningEnabled(), agent.status()])
    this.#isEnabledInStore = isEnabled
    this.#defaultTaskType = defaultTaskType
    return { store, agent }
  }
}
