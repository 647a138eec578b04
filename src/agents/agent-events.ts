import type { Pattern } from '../learning/patterns/pattern.ts'
import type { LearningOutcome } from './learning-outcome.ts'
import type { Task } from './task.ts'

/** The events of an agent: the type of `detail` for each name. */
export interface AgentEvents {
  readonly 'hook.pre-task.completed': { readonly agentId: string; readonly task: Task }
  /** Dispatched after the agent learned from the task. */
  readonly 'hook.post-task.completed': { readonly agentId: string; readonly task: Task; readonly result: unknown }
  /** Dispatched after the agent learned from the failure. */
  readonly 'hook.task-error.completed': { readonly agentId: string; readonly task: Task; readonly error: unknown }
  readonly 'learning:training': { readonly agentId: string; readonly task: Task; readonly outcome: LearningOutcome }
  readonly 'learning:pattern_discovered': { readonly agentId: string; readonly pattern: Pattern }
}
