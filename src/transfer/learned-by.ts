import { checkName, checkOptions } from '../checks.ts'

/** Whose experiences a source holds, where it does not say so itself. */
export interface LearnedBy {
  readonly agentId?: string
  readonly taskType?: string
}

/** @param unless for what is not given. @throws INVALID_ARGUMENT */
export function checkLearnedBy(options: LearnedBy, unless: string): Required<LearnedBy> {
  const { agentId = unless, taskType = unless } = checkOptions(options, 'the options', ['agentId', 'taskType'])
  return { agentId: checkName(agentId, 'agentId'), taskType: checkName(taskType, 'taskType') }
}
