import type { TaskOutcome } from '../algorithms/rewards.ts'
import { checkBoolean, checkCount, checkList, checkName, checkNumber, checkOptions, invalid } from '../checks.ts'
import type { AgentAction } from './task.ts'

/** The result of a task. Other fields are ignored. */
export interface TaskResult extends Partial<AgentAction> {
  readonly [other: string]: unknown
  /** Default: true. */
  readonly success?: boolean
  /** In milliseconds. */
  readonly executionTime?: number
  /** The errors, or their number. */
  readonly errors?: readonly unknown[] | number
  /** Whether the task timed out. */
  readonly timeout?: boolean
  /** The quality of the result, in [0, 1]. */
  readonly quality?: number
  /** The coverage that was reached, in [0, 1]. */
  readonly coverage?: number
  /** The resources that were used, each in [0, 1]. */
  readonly resourceUsage?: { readonly cpu: number; readonly memory: number }
  /** The id of the execution, which is learned from once. Default: a random id. */
  readonly executionId?: string
  /** The actions that could be chosen. */
  readonly actions?: readonly AgentAction[]
  /** The probability with which the strategy was chosen, in (0, 1]. */
  readonly behaviorProbability?: number
}

/** Feedback on a result. */
export interface LearningFeedback {
  /** The overall rating, in [0, 1]. */
  readonly rating: number
  readonly issues?: readonly string[]
  readonly suggestions?: readonly string[]
  readonly source?: 'user' | 'system' | 'peer'
}

/** The inputs of the reward. @throws INVALID_ARGUMENT */
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

/** The first error of the result, or else the first issue of the feedback. */
export function rootCauseOf({ errors }: TaskResult, feedback?: LearningFeedback): string | undefined {
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined
  const message = first instanceof Error ? first.message || first.name : first
  return [message, feedback?.issues?.[0]].find((one): one is string => typeof one === 'string' && one !== '')
}

function checkFeedback(feedback: LearningFeedback): LearningFeedback {
  const { rating, issues, suggestions, source } = checkOptions(feedback, 'the feedback', [
    'rating',
    'issues',
    'suggestions',
    'source',
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
