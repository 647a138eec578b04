import { checkName, checkOptions } from '../checks.ts'
import type { ImportBatch } from '../learning/maintenance/import-batch.ts'
import type { Progress } from '../learning/progress.ts'

/**
 * Reads a source in slices of about a thousand records, so that the caller can report progress, give other work a turn and
 * stop between them. Changes nothing. A reader throws NOT_A_STORE if the source does not have its format.
 */
export type SourceReader = Generator<Progress, ImportBatch>

/** The agent and task type of experiences for which the source names none. */
export interface SourceDefaults {
  readonly agentId?: string
  readonly taskType?: string
}

/** Checks the options of a reader. @param fallback for an agent or a task type that is not given. @throws INVALID_ARGUMENT */
export function checkSourceDefaults(options: SourceDefaults, fallback: string): Required<SourceDefaults> {
  const { agentId = fallback, taskType = fallback } = checkOptions(options, 'the options', ['agentId', 'taskType'])
  return { agentId: checkName(agentId, 'agentId'), taskType: checkName(taskType, 'taskType') }
}
