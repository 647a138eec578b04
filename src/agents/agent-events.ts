import type { Pattern } from '../learning/patterns/pattern.ts'
import type { LearningOutcome } from './learning-outcome.ts'
import type { Task } from './task.ts'

/** The `detail` of the events that an agent dispatches, by name. */
export interface AgentEvents {
  readonly 'hook.pre-task.completed': { readonly agentId: string; readonly task: Task }
  /** After the task was learned from. */
  readonly 'hook.post-task.completed': { readonly agentId: string; readonly task: Task; readonly result: unknown }
  /** After the failure was learned from. */
  readonly 'hook.task-error.completed': { readonly agentId: string; readonly task: Task; readonly error: unknown }
  readonly 'learning:training': { readonly agentId: string; readonly task: Task; readonly outcome: LearningOutcome }
  readonly 'learning:pattern_discovered': { readonly agentId: string; readonly pattern: Pattern }
}
