import { keyOf } from '../algorithms/keys/keys.ts'
import { checkCount, checkList, checkName, checkNumber, invalid } from '../checks.ts'
import type { JsonValue } from '../json-value.ts'

/** A task of an agent. Other fields are ignored. */
export interface Task {
  readonly [other: string]: unknown
  readonly id?: string
  readonly type: string
  /** In [0, 1]. Default: 0.5, plus 0.1 for each required capability after the first. */
  readonly complexity?: number
  readonly requiredCapabilities?: readonly string[]
  readonly contextFeatures?: { readonly [name: string]: JsonValue }
  /** Default: 0. */
  readonly previousAttempts?: number
  /** In [0, 1]. */
  readonly availableResources?: number
  /** In milliseconds. */
  readonly timeConstraint?: number
}

/** The features of a task on which the best strategy depends. */
export interface TaskState {
  /** The type of the task. Default: that of the agent's first task. */
  readonly type?: string
  /** In [0, 1]. */
  readonly taskComplexity: number
  readonly requiredCapabilities: readonly string[]
  readonly contextFeatures?: { readonly [name: string]: JsonValue }
  readonly previousAttempts: number
  /** In [0, 1]. */
  readonly availableResources?: number
  /** In milliseconds. */
  readonly timeConstraint?: number
}

/** The strategy by which an agent performs a task, with its parameters. */
export interface AgentAction {
  readonly strategy: string
  /** In [0, 1]. */
  readonly parallelization?: number
  readonly toolsUsed?: readonly string[]
  readonly retryPolicy?: JsonValue
  /** In [0, 1]. */
  readonly resourceAllocation?: number
}

/** The state of a task. @throws INVALID_ARGUMENT */
export function taskStateOf(task: Task): TaskState {
  const { complexity, contextFeatures, availableResources, timeConstraint } = task
  const requiredCapabilities = checkNames(task.requiredCapabilities ?? [], 'requiredCapabilities')
  const estimate = Math.min(1, 0.5 + 0.1 * Math.max(0, requiredCapabilities.length - 1))
  return {
    type: checkName(task.type, "a task's type"),
    taskComplexity: checkNumber(complexity ?? estimate, 'complexity', 0, 1),
    requiredCapabilities,
    previousAttempts: checkCount(task.previousAttempts ?? 0, 'previousAttempts', 0),
    ...(contextFeatures === undefined ? {} : { contextFeatures }),
    ...(availableResources === undefined ? {} : { availableResources }),
    ...(timeConstraint === undefined ? {} : { timeConstraint }),
  }
}

/**
 * The state that the store learns values for. Its keys are those of agentic-qe's persistence document
 * (`complexity:0.5|capabilities:unit-test|attempts:0`), followed by the type of the task if it is not the agent's default. Fractions
 * are rounded to tenths, so that similar tasks share a state.
 * @param defaultType the agent's `defaultTaskType`. @throws INVALID_ARGUMENT
 */
export function stateOf(state: TaskState, defaultType: string | null): JsonValue {
  const { contextFeatures = {}, availableResources, timeConstraint, type = defaultType } = state
  const capabilities = [...new Set(checkNames(state.requiredCapabilities, 'requiredCapabilities'))].sort()
  keyOf(contextFeatures, 'contextFeatures')
  return {
    complexity: tenths(checkNumber(state.taskComplexity, 'taskComplexity', 0, 1)),
    capabilities: capabilities.length === 1 ? (capabilities[0] ?? '') : capabilities,
    attempts: checkCount(state.previousAttempts, 'previousAttempts', 0),
    ...(type === defaultType || defaultType === null ? {} : { type: checkName(type, 'type') }),
    ...(Object.keys(contextFeatures).length === 0 ? {} : { features: contextFeatures }),
    ...(availableResources === undefined
      ? {}
      : { resources: tenths(checkNumber(availableResources, 'availableResources', 0, 1)) }),
    ...(timeConstraint === undefined
      ? {}
      : { time: checkNumber(timeConstraint, 'timeConstraint', 0, Number.MAX_VALUE) }),
  }
}

/** The state of a task or of task features. @throws INVALID_ARGUMENT */
export function stateOfEither(one: Task | TaskState, defaultType: string | null): JsonValue {
  if (typeof one !== 'object' || one === null) throw invalid('a task', 'an object', one)
  return stateOf('taskComplexity' in one ? (one as TaskState) : taskStateOf(one as Task), defaultType)
}

/**
 * The action that the store learns values for. Its keys are those of agentic-qe's persistence document
 * (`strategy:template-based|parallelization:0.7`).
 * @throws INVALID_ARGUMENT
 */
export function actionOf({ strategy, parallelization }: AgentAction): JsonValue {
  checkName(strategy, 'strategy')
  if (parallelization === undefined) return { strategy }
  return { strategy, parallelization: checkNumber(parallelization, 'parallelization', 0, 1) }
}

/** The action with all its parameters, as patterns hold it. @throws INVALID_ARGUMENT */
export function strategyOf(action: AgentAction): JsonValue {
  const { toolsUsed, retryPolicy, resourceAllocation } = action
  return {
    ...(actionOf(action) as { readonly strategy: string }),
    ...(toolsUsed === undefined ? {} : { toolsUsed: [...checkNames(toolsUsed, 'toolsUsed')].sort() }),
    ...(retryPolicy === undefined ? {} : { retryPolicy }),
    ...(resourceAllocation === undefined
      ? {}
      : { resourceAllocation: checkNumber(resourceAllocation, 'resourceAllocation', 0, 1) }),
  }
}

function checkNames(value: unknown, what: string): readonly string[] {
  return checkList(value, what).map((one) => checkName(one, `one of ${what}`))
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}
