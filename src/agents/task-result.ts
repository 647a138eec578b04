import type { TaskOutcome } from '../algorithms/rewards.ts'
import { checkBoolean, checkCount, checkList, checkName, checkNumber, checkOptions, invalid } from '../checks.ts'
import type { AgentAction } from './task.ts'

/** How a task came out. Whatever else is in it is the agent's own business. */
export interface TaskResult extends Partial<AgentAction> {
  readonly [other: string]: unknown
  /** True unless given. */
  readonly success?: boolean
  /** In ms. */
  readonly executionTime?: number
  /** What went wrong, or how much. */
  readonly errors?: readonly unknown[] | number
  readonly timeout?: boolean
  /** In [0, 1]. */
  readonly quality?: number
  /** In [0, 1]. */
  readonly coverage?: number
  /** Each in [0, 1]. */
  readonly resourceUsage?: { readonly cpu: number; readonly memory: number }
  /** Names this execution: it is learned from once. Made by chance unless given. */
  readonly executionId?: string
  /** What was to choose from. */
  readonly actions?: readonly AgentAction[]
  /** The probability with which the strategy was chosen, in (0, 1]. */
  readonly behaviorProbability?: number
}

/** What others say of a result. */
export interface LearningFeedback {
  /** In [0, 1]. */
  readonly rating: number
  readonly issues?: readonly string[]
  readonly suggestions?: readonly string[]
  readonly source?: 'user' | 'system' | 'peer'
}

/** What a reward is made of. @throws INVALID_ARGUMENT */
export function outcomeOf(result: TaskResult, feedback?: LearningFeedback): TaskOutcome {
  const { success, executionTime, errors, timeout, quality, coverage, resourceUsage } = result
  const share = (value: unknown, what: string): number => checkNumber(value, what, 0, 1)
  return {
    success: success === undefined ? true : checkBoolean(success, 'success'),
    ...(executionTime === undefined
      ? {}
      : { executionTimeMs: checkNumber(executionTime, 'executionTime', 0, Number.MAX_VALUE) }),
    ...(errors === undefined
      ? {}
      : { errors: typeof errors === 'number' ? checkCount(errors, 'errors', 0) : checkList(errors, 'errors').length }),
    ...(timeout === undefined ? {} : { timeout: checkBoolean(timeout, 'timeout') }),
    ...(quality === undefined ? {} : { quality: share(quality, 'quality') }),
    ...(coverage === undefined ? {} : { coverage: share(coverage, 'coverage') }),
    ...(resourceUsage === undefined
      ? {}
      : { resourceUsage: { cpu: share(resourceUsage?.cpu, 'cpu'), memory: share(resourceUsage?.memory, 'memory') } }),
    ...(feedback === undefined ? {} : { feedback: counted(checkFeedback(feedback)) }),
  }
}

/** What went wrong, as the result or those who saw it say; undefined where nobody does. */
export function rootCauseOf({ errors }: TaskResult, feedback?: LearningFeedback): string | undefined {
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined
  const message = first instanceof Error ? first.message || first.name : first
  return [message, feedback?.issues?.[0]].find((one): one is string => typeof one === 'string' && one !== '')
}

function checkFeedback(feedback: LearningFeedback): LearningFeedback {
  const { rating, issues, suggestions, source } = checkOptions(feedback, 'the feedback', [
    ...(['rating', 'issues', 'suggestions', 'source'] as const),
  ])
  checkNumber(rating, 'rating', 0, 1)
  for (const one of checkList(issues ?? [], 'issues')) checkName(one, 'an issue')
  for (const one of checkList(suggestions ?? [], 'suggestions')) checkName(one, 'a suggestion')
  if (source !== undefined && !['user', 'system', 'peer'].includes(source)) {
    throw invalid('source', 'one of user, system, peer', source)
  }
  return feedback
}

function counted({ rating, issues, suggestions }: LearningFeedback): NonNullable<TaskOutcome['feedback']> {
  return { rating, issues: issues?.length ?? 0, suggestions: suggestions?.length ?? 0 }
}
