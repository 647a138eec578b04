import type { LearningEngine } from './learning-engine.ts'
import type { AgentAction, Task } from './task.ts'
import type { TaskResult } from './task-result.ts'

/** One execution of a task: with which strategy, so that a task that throws is learned from under the right one. */
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

  /** Says what the agent does; the result may say it too, and then holds. */
  use(action: AgentAction): void {
    this.#used = { ...action }
  }

  /**
   * Chooses among these by what was learned, exploring now and then, and uses it. The first, where learning is disabled or
   * fails.
   */
  async choose(actions: readonly [AgentAction, ...AgentAction[]]): Promise<AgentAction> {
    const [first] = actions
    this.use(first)
    if (!this.#engine.isEnabled()) return first
    try {
      const { action, probability } = await this.#engine.selectActionWithPolicy(this.#task, actions)
      this.#used = { ...action, behaviorProbability: probability, actions: actions }
      return action
    } catch (error) {
      this.#report(error)
      return first
    }
  }

  /** The result, with the strategy that was used. Where it names another one, what was chosen says nothing. */
  resultOf(result: TaskResult): TaskResult {
    const isAnother = result.strategy !== undefined && result.strategy !== this.#used.strategy
    return isAnother ? result : { ...this.#used, ...result }
  }
}

/** What an agent answered, as a result: what is no object says that it was done, and nothing else. */
export function asResult(answer: unknown): TaskResult {
  return typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? (answer as TaskResult) : {}
}
