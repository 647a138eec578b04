import { checkList, checkName, checkNumber, checkOptions } from '../../checks.ts'

/** What a task is like, and what there is to do it with. What is left out is not compared. */
export interface TaskContext {
  readonly taskType?: string
  readonly complexityLevel?: string
  /** In words; where no task type is given, one that these words name is looked for. */
  readonly taskDescription?: string
  /** The pattern that is in use now. */
  readonly currentPattern?: string
  /** A pattern that needs another tool is not recommended. */
  readonly availableTools?: readonly string[]
  /** How much each pattern is wanted, by its name, in [0, 1]; those of the store's preferences of type `pattern` unless given. */
  readonly userPreferences?: { readonly [pattern: string]: number }
}

const NAMES = ['taskType', 'complexityLevel', 'taskDescription', 'currentPattern'] as const

/** @throws INVALID_ARGUMENT */
export function checkContext(context: TaskContext): TaskContext {
  const given = checkOptions(context, 'the context', [...NAMES, 'availableTools', 'userPreferences'])
  for (const name of NAMES) if (given[name] !== undefined) checkName(given[name], name)
  for (const tool of checkList(given.availableTools ?? [], 'availableTools')) checkName(tool, 'a tool')
  const { userPreferences = {} } = given
  checkOptions(userPreferences, 'userPreferences', Object.keys(userPreferences))
  for (const [pattern, weight] of Object.entries(userPreferences)) checkNumber(weight, `the weight of ${pattern}`, 0, 1)
  return given
}
