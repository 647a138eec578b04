import { invalid } from '../checks.ts'
import type { TaskContext } from '../learning/execution-patterns/task-context.ts'

/** The context of a task, with additional data for learning modules. */
export interface LearningContext extends TaskContext {
  readonly performanceHistory?: readonly unknown[]
  readonly sessionData?: { readonly [name: string]: unknown }
}

/** The part of the context that the store compares with its patterns. */
export function taskContextOf(context: LearningContext): TaskContext {
  if (typeof context !== 'object' || context === null) throw invalid('the context', 'an object', context)
  const { performanceHistory: _, sessionData: __, ...task } = context
  return task
}
