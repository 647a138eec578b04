import { checkName } from '../checks.ts'
import type { Execution } from '../learning/executions/execution.ts'
import { type AgentAction, actionOf, stateOf, strategyOf, type Task, taskStateOf } from './task.ts'
import { type LearningFeedback, outcomeOf, rootCauseOf, type TaskResult } from './task-result.ts'

/** The strategy of results that name none. */
const DEFAULT_STRATEGY = 'default'

/**
 * A task and its result as the store learns from them. The next state is that of the next attempt.
 * @param defaultType the agent's `defaultTaskType`. @throws INVALID_ARGUMENT
 */
export function executionOf(
  task: Task,
  result: TaskResult,
  reward: number,
  feedback: LearningFeedback | undefined,
  defaultType: string | null,
): Execution {
  const state = taskStateOf(task)
  const { success, executionTimeMs, quality } = outcomeOf(result, feedback)
  const { strategy = DEFAULT_STRATEGY, executionId, actions, behaviorProbability } = result
  const action: AgentAction = { ...result, strategy }
  const rootCause = rootCauseOf(result, feedback)
  const mitigation = feedback?.suggestions?.[0]
  return {
    state: stateOf(state, defaultType),
    action: actionOf(action),
    strategy: strategyOf(action),
    reward,
    success,
    nextState: stateOf({ ...state, previousAttempts: state.previousAttempts + 1 }, defaultType),
    taskType: checkName(task.type, "a task's type"),
    ...(task.id === undefined ? {} : { taskId: task.id }),
    ...(executionId === undefined ? {} : { id: executionId }),
    ...(executionTimeMs === undefined ? {} : { executionTimeMs }),
    ...(quality === undefined ? {} : { quality }),
    ...(rootCause === undefined || success ? {} : { rootCause }),
    ...(mitigation === undefined || success ? {} : { mitigation }),
    ...(actions === undefined ? {} : { actions: actions.map(actionOf) }),
    ...(behaviorProbability === undefined ? {} : { behaviorProbability }),
  }
}
