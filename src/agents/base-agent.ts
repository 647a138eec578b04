import { checkName, checkOptions } from '../checks.ts'
import type { AgentEvents } from './agent-events.ts'
import type { LearningEngineOptions } from './engine-options.ts'
import { LearningEngine } from './learning-engine.ts'
import type { AgentPlatform } from './platform.ts'
import type { Task } from './task.ts'
import type { TaskResult } from './task-result.ts'
import { asResult, TaskRun } from './task-run.ts'

/** The options of an agent. */
export interface BaseAgentOptions {
  /** The type of the agent, such as `qe-test-generator`. */
  readonly type: string
  /** A stable id, under which the agent finds what it learned before. Default: its type. */
  readonly id?: string
  /** The options of its learning engine. */
  readonly learning?: Omit<LearningEngineOptions, 'type'>
  /** Called with errors of learning. Default: writes them to the console. */
  readonly onLearningError?: (error: unknown) => void
}

/** The task that a hook of an agent is called for. */
export interface TaskAssignment {
  readonly task: Task
}

/**
 * Base class of agents that learn from every task, successful or not. Errors of learning are reported and do not fail the task.
 * Dispatches the events of `AgentEvents`.
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
      'type',
      'id',
      'learning',
      'onLearningError',
    ])
    this.type = checkName(type, 'type')
    this.id = id === undefined ? this.type : checkName(id, 'agent id')
    this.#platform = platform
    this.#onLearningError = onLearningError ?? ((error) => platform.report(error))
    this.learning = new LearningEngine(this.id, { ...learning, type: this.type }, platform)
  }

  /** Opens the store, so that the first task does not wait for it. Throws what opening a store throws. */
  initialize(): Promise<void> {
    return this.learning.initialize()
  }

  /**
   * Runs `onPreTask`, `performTask` and `onPostTask`, and learns from the result before it returns. If one of them throws, the agent
   * learns from the failure, calls `onTaskError` and throws the error.
   * @returns the result of `performTask`
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

  /** Persists everything, and closes the store if the agent opened it. */
  dispose(): Promise<void> {
    return this.learning.dispose()
  }

  /** Performs the task. Through `run` the agent chooses a strategy or names the one that it uses. */
  protected abstract performTask(task: Task, run: TaskRun): unknown

  /** Called before each task. If it throws, the task is not performed and `onTaskError` is called. */
  protected onPreTask(_context: { readonly assignment: TaskAssignment }): unknown {
    return undefined
  }

  /** Called after each task that did not throw, with the result of `performTask`. */
  protected onPostTask(_context: { readonly assignment: TaskAssignment; readonly result: unknown }): unknown {
    return undefined
  }

  /** Called when `onPreTask`, `performTask` or `onPostTask` has thrown. */
  protected onTaskError(_context: { readonly assignment: TaskAssignment; readonly error: unknown }): unknown {
    return undefined
  }

  async #failed(assignment: TaskAssignment, error: unknown): Promise<void> {
    try {
      await this.onTaskError({ assignment, error })
      this.#dispatch('hook.task-error.completed', { agentId: this.id, task: assignment.task, error })
    } catch (second) {
      // The caller gets the first error.
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
