import type { LearningEngine } from './learning-engine.ts'
import type { AgentAction, Task } from './task.ts'
import type { TaskResult } from './task-result.ts'

/** One execution of a task. It holds the strategy in use, so that the agent learns from a task that throws, too. */
export class TaskRun {
  readonly #engine: LearningEngine
  readonly #task: Task
  readonly #report: (error: unknown) => void
  #used: TaskResult = {}

  constructor(engine: LearningEngine, task: Task, report: (error: unknown) => void) {
    this.#engine = engine
    this.#task = task
    this.#report = report
  }

  /** Names the strategy in use. A strategy in the result takes precedence. */
  use(action: AgentAction): void {
    this.#used = { ...action }
  }

  /**
   * Chooses one of these actions by the policy of the agent, and uses it.
   * @returns the first action if learning is disabled or fails
   */
  async choose(actions: readonly [AgentAction, ...AgentAction[]]): Promise<AgentAction> {
    const [first] = actions
    this.use(first)
    if (!this.#engine.isEnabled()) return first
    try {
      const { action, probability } = await this.#engine.selectActionWithPolicy(this.#task, actions)
      this.#used = { ...action, behaviorProbability: probability, actions }
      return action
    } catch (error) {
      this.#report(error)
      return first
    }
  }

  /** The result with the strategy in use, unless the result names another one. */
  resultOf(result: TaskResult): TaskResult {
    const isAnother = result.strategy !== undefined && result.strategy !== this.#used.strategy
    if (isAnother) return result
    const { actions, behaviorProbability, ...used } = this.#used
    const isSame = result.parallelization === undefined || result.parallelization === used.parallelization
    // With another degree of parallelization it is not the action that was chosen.
    return { ...(isSame ? this.#used : used), ...result }
  }
}

/** The return value of `performTask` as a result: a value that is not an object only means success. */
export function asResult(value: unknown): TaskResult {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as TaskResult) : {}
}
