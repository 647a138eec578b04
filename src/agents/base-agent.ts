import { checkName, checkOptions } from '../checks.ts'
import type { AgentEvents } from './agent-events.ts'
import type { LearningEngineOptions } from './engine-options.ts'
import { LearningEngine } from './learning-engine.ts'
import type { AgentPlatform } from './platform.ts'
import type { Task } from './task.ts'
import type { TaskResult } from './task-result.ts'
import { asResult, TaskRun } from './task-run.ts'

/** What an agent is, and how it learns. */
export interface BaseAgentOptions {
  /** What the agent is, such as `qe-test-generator`. */
  readonly type: string
  /** The stable name under which the agent finds again what it learned; its type unless given. */
  readonly id?: string
  /** How it learns. */
  readonly learning?: Omit<LearningEngineOptions, 'type'>
  /** Told what went wrong with learning; reported to people unless given. */
  readonly onLearningError?: (error: unknown) => void
}

/** What an agent was given to do. */
export interface TaskAssignment {
  readonly task: Task
}

/**
 * An agent that learns by itself from every task, done or failed. What goes wrong with learning is reported and fails no
 * task. Dispatches the events of `AgentEvents`.
 */
export abstract class BaseAgent extends EventTarget {
  readonly id: string
  readonly type: string
  readonly learning: LearningEngine
  readonly #platform: AgentPlatform
  readonly #onLearningError: (error: unknown) => void

  /** @throws INVALID_ARGUMENT */
  constructor(options: BaseAgentOptions, platform: AgentPlatform) {
    super()
    const { type, id, learning, onLearningError } = checkOptions(options, 'the options', [
      ...(['type', 'id', 'learning', 'onLearningError'] as const),
    ])
    this.type = checkName(type, 'type')
    this.id = id === undefined ? this.type : checkName(id, 'agent id')
    this.#platform = platform
    this.#onLearningError = onLearningError ?? ((error) => platform.report(error))
    this.learning = new LearningEngine(this.id, { ...learning, type: this.type }, platform)
  }

  /** Opens the store, so that the first task need not wait for it. Rejects as opening a store does. */
  initialize(): Promise<void> {
    return this.learning.initialize()
  }

  /**
   * Runs `onPreTask`, `performTask` and `onPostTask`, or `onTaskError` where one of them throws, and learns from what came of
   * it before it answers. Rejects with what they threw.
   */
  async executeTask(task: Task): Promise<unknown> {
    const assignment: TaskAssignment = { task }
    const run = new TaskRun(this.learning, task, (error) => this.#report(error))
    const startedAt = this.#platform.now()
    const executionTime = (): number => Math.max(0, this.#platform.now() - startedAt)
    let learned: TaskResult
    let result: unknown
    try {
      await this.onPreTask({ assignment })
      this.#dispatch('hook.pre-task.completed', { agentId: this.id, task })
      result = await this.performTask(task, run)
      learned = { executionTime: executionTime(), ...asResult(result) }
      await this.onPostTask({ assignment, result })
    } catch (error) {
      const timeout = error instanceof Error && error.name === 'TimeoutError'
      await this.#learn(
        task,
        run.resultOf({ success: false, executionTime: executionTime(), errors: [error], timeout }),
      )
      await this.#failed(assignment, error)
      throw error
    }
    await this.#learn(task, run.resultOf(learned))
    this.#dispatch('hook.post-task.completed', { agentId: this.id, task, result })
    return result
  }

  /** Persists what was learned, and gives the store back. */
  dispose(): Promise<void> {
    return this.learning.dispose()
  }

  /** Does the task. Through `run` the agent chooses a strategy, or says which one it uses. */
  protected abstract performTask(task: Task, run: TaskRun): unknown

  /** Called before each task; what it throws goes to `onTaskError`, and the task is not run. */
  protected onPreTask(_given: { readonly assignment: TaskAssignment }): unknown {
    return undefined
  }

  /** Called after each task that did not throw. @param _given.result what `performTask` answered. */
  protected onPostTask(_given: { readonly assignment: TaskAssignment; readonly result: unknown }): unknown {
    return undefined
  }

  /** Called when a task, or a hook of it, has thrown. */
  protected onTaskError(_given: { readonly assignment: TaskAssignment; readonly error: unknown }): unknown {
    return undefined
  }

  async #failed(assignment: TaskAssignment, error: unknown): Promise<void> {
    try {
      await this.onTaskError({ assignment, error })
      this.#dispatch('hook.task-error.completed', { agentId: this.id, task: assignment.task, error })
    } catch (second) {
      // The caller waits for what went wrong first.
      this.#platform.report(second)
    }
  }

  async #learn(task: Task, result: TaskResult): Promise<void> {
    if (!this.learning.isEnabled()) return
    try {
      await this.learning.initialize()
      if (!this.learning.isEnabled()) return
      const outcome = await this.learning.learnFromExecution(task, result)
      this.#dispatch('learning:training', { agentId: this.id, task, outcome })
      const { discovered } = outcome
      if (discovered) this.#dispatch('learning:pattern_discovered', { agentId: this.id, pattern: discovered })
    } catch (error) {
      this.#report(error)
    }
  }

  #report(error: unknown): void {
    try {
      this.#onLearningError(error)
    } catch (second) {
      this.#platform.report(second)
    }
  }

  #dispatch<N extends keyof AgentEvents>(name: N, detail: AgentEvents[N]): void {
    // As a CustomEvent, which Vercel's edge runtime lacks.
    this.dispatchEvent(Object.assign(new Event(name), { detail }))
  }
}
