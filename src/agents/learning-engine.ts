import type { Choice } from '../algorithms/choice.ts'
import { keyOf } from '../algorithms/keys/keys.ts'
import { checkBoolean, checkList, checkName } from '../checks.ts'
import type { AsyncAgent, AsyncStore } from '../client/async-store.ts'
import type { AgentStatus } from '../learning/agents/agent.ts'
import type { Experience } from '../learning/core/experience.ts'
import type { LearnResult } from '../learning/core/learn.ts'
import type { ReplayOptions, ReplayResult } from '../learning/core/replay.ts'
import type { AgentStatistics } from '../learning/executions/statistics.ts'
import type { FailurePattern, Pattern } from '../learning/patterns/pattern.ts'
import type { LearnerConfiguration } from '../tables/learners.ts'
import { checkEngineOptions, type LearningEngineOptions } from './engine-options.ts'
import { executionOf } from './execution-of.ts'
import { type LearningOutcome, notLearned, outcomeOfLearning } from './learning-outcome.ts'
import type { AgentPlatform } from './platform.ts'
import { type StrategyRecommendation, strategyRecommendationOf } from './recommendation.ts'
import { RewardCalculator } from './reward-calculator.ts'
import { StoreInUse } from './shared-store-handle.ts'
import { type AgentAction, actionOf, stateOfEither, type Task, type TaskState } from './task.ts'
import type { LearningFeedback, TaskResult } from './task-result.ts'

/** An agent in numbers, and how it learns. */
export interface QLearningStats extends AgentStatistics, Omit<AgentStatus, 'explorationRate' | 'id'> {
  readonly agentId: string
  readonly enabled: boolean
}

interface Opened {
  readonly store: AsyncStore
  readonly agent: AsyncAgent
}

/**
 * Learning from tasks, for one agent with a stable id. All that is learned is in the store, and each task is one operation: a new
 * engine of the same id goes on where the last one stopped. Where nobody told the engine whether it is enabled, it goes by what
 * the store said of its agent when it was opened.
 */
export class LearningEngine {
  readonly agentId: string
  readonly rewards: RewardCalculator
  readonly #options: ReturnType<typeof checkEngineOptions>
  readonly #inUse: StoreInUse
  #opening: Promise<Opened> | undefined
  /** As it was told. */
  #isEnabled: boolean | undefined
  /** As the store said. */
  #wasEnabled = true
  #isQLearning: boolean

  /** @param agentId the stable name of the learner. @throws INVALID_ARGUMENT */
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

  /** Opens the store; every method does so that needs it. Rejects as opening a store does, and with CLOSED after `dispose`. */
  async initialize(): Promise<void> {
    await this.#open()
  }

  /**
   * Learns from a task and its result in one operation: experience, value, pattern, history and metrics, and every so often from
   * older experiences again. While disabled nothing is learned. Rejects with INVALID_ARGUMENT, and as a store does.
   */
  async learnFromExecution(task: Task, result: TaskResult, feedback?: LearningFeedback): Promise<LearningOutcome> {
    const { discovery, updateFrequency, replay } = this.#options
    const reward = this.rewards.calculate(result, feedback)
    const { agent } = await this.#open()
    if (!this.isEnabled()) return notLearned(reward, await agent.getStatistics())
    const learned = await agent.learnFromExecution({
      ...executionOf(task, result, reward, feedback),
      ...(discovery === undefined ? {} : { discovery }),
      ...(updateFrequency === undefined ? {} : { updateFrequency }),
      ...(replay === undefined ? {} : { replay }),
      learnsValue: this.#isQLearning,
    })
    return outcomeOfLearning(learned, reward)
  }

  /** The old name of `learnFromExecution`. */
  recordExperience(task: Task, result: TaskResult, feedback?: LearningFeedback): Promise<LearningOutcome> {
    return this.learnFromExecution(task, result, feedback)
  }

  /** What the agent would do in this state, or with this task. Rejects with INVALID_ARGUMENT. */
  async recommendStrategy(state: TaskState | Task): Promise<StrategyRecommendation> {
    const { agent } = await this.#open()
    return strategyRecommendationOf(await agent.recommend(stateOfEither(state)))
  }

  /** The strategies that proved themselves, the best first. */
  async getPatterns(): Promise<Pattern[]> {
    const { store } = await this.#open()
    return store.patterns.list({ agentId: this.agentId })
  }

  /** What goes wrong, the most frequent first. */
  async getFailurePatterns(): Promise<FailurePattern[]> {
    const { store } = await this.#open()
    return store.patterns.listFailures({ agentId: this.agentId })
  }

  /** As decayed. */
  async getExplorationRate(): Promise<number> {
    const { agent } = await this.#open()
    return (await agent.status()).currentExplorationRate
  }

  /** How many experiences the agent has. */
  async getTotalExperiences(): Promise<number> {
    const { agent } = await this.#open()
    return (await agent.status()).experienceCount
  }

  /** For the life of this engine; `agent.setEnabled` of the store is for all that come. */
  setEnabled(isEnabled: boolean): void {
    this.#isEnabled = checkBoolean(isEnabled, 'enabled')
  }

  /** Of a store that says otherwise it is known once it is open. */
  isEnabled(): boolean {
    return this.#isEnabled ?? this.#wasEnabled
  }

  /** Learns values from now on; what is given of the configuration is stored. Rejects with INVALID_ARGUMENT. */
  async enableQLearning(configuration: Partial<LearnerConfiguration> = {}): Promise<void> {
    const { store } = await this.#open()
    await store.agent(this.agentId, configuration)
    this.#isQLearning = true
  }

  /** Learns no values from now on; experiences and patterns are kept as before. */
  disableQLearning(): void {
    this.#isQLearning = false
  }

  /** Whether values are learned; experiences and patterns are kept either way. */
  isQLearningEnabled(): boolean {
    return this.#isQLearning
  }

  /** Records a transition and learns from it. Rejects with INVALID_ARGUMENT. */
  async learnFromExperience(experience: Experience): Promise<LearnResult> {
    const { agent } = await this.#open()
    return agent.learn(experience)
  }

  /** Chooses by the agent's policy. The action is one of these. Rejects with INVALID_ARGUMENT. */
  async selectActionWithPolicy(
    state: TaskState | Task,
    actions: readonly AgentAction[],
  ): Promise<Omit<Choice, 'action'> & { readonly action: AgentAction }> {
    const { agent } = await this.#open()
    const given = checkList(actions, 'actions') as readonly AgentAction[]
    const { action, ...choice } = await agent.selectAction(stateOfEither(state), {
      actions: given.map(actionOf),
    })
    const key = keyOf(action)
    return { ...choice, action: given.find((one) => keyOf(actionOf(one)) === key) as AgentAction }
  }

  /** Learns again from experiences that are kept. Rejects with INVALID_ARGUMENT. */
  async replay(options: ReplayOptions = {}): Promise<ReplayResult> {
    const { agent } = await this.#open()
    return agent.replay(options)
  }

  /** The configuration of the agent, and what it has learned in numbers. */
  async getQLearningStats(): Promise<QLearningStats> {
    const { agent } = await this.#open()
    const [{ id, explorationRate: _, ...status }, statistics] = await Promise.all([
      agent.status(),
      agent.getStatistics(),
    ])
    return { ...status, ...statistics, agentId: id, enabled: this.#isQLearning }
  }

  /** Resolves once all that was learned survives a power cut. */
  async flush(): Promise<void> {
    const { store } = await this.#open()
    await store.flush()
  }

  /** Persists everything, and closes the store if the engine opened it. Later calls reject with CLOSED. */
  dispose(): Promise<void> {
    return this.#inUse.close()
  }

  #open(): Promise<Opened> {
    if (!this.#opening || this.#inUse.isClosed) {
      this.#opening = this.#openAgent().catch((error: unknown) => {
        // The next call tries anew.
        this.#opening = undefined
        throw error
      })
    }
    return this.#opening
  }

  async #openAgent(): Promise<Opened> {
    const store = await this.#inUse.open()
    const agent = await store.agent(this.agentId, this.#options.learner)
    this.#wasEnabled = await agent.isLearningEnabled()
    return { store, agent }
  }
}
