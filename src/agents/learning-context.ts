import { invalid } from '../checks.ts'
import type { TaskContext } from '../learning/execution-patterns/task-context.ts'

/** A task, what there is to do it with, and what learning modules may know besides. */
export interface LearningContext extends TaskContext {
  readonly performanceHistory?: readonly unknown[]
  readonly sessionData?: { readonly [name: string]: unknown }
}

/** What is compared with what was learned; the rest may be anything, and stays with the caller. */
export function taskContextOf(context: LearningContext): TaskContext {
  if (typeof context !== 'object' || context === null) throw invalid('the context', 'an object', context)
  const { performanceHistory: _, sessionData: __, ...task } = context
  return task
}
