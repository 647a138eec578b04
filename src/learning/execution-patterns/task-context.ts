import { checkList, checkName, checkNumber, checkOptions } from '../../checks.ts'

/** The context of a task to recommend patterns for. Fields that are not given are not compared. */
export interface TaskContext {
  /** The type of the task. */
  readonly taskType?: string
  /** The complexity of the task. */
  readonly complexityLevel?: string
  /** A description. Without `taskType`, patterns match if the description contains all words of their task type. */
  readonly taskDescription?: string
  /** The pattern that is currently in use. */
  readonly currentPattern?: string
  /** The available tools. Patterns that need other tools are not recommended. */
  readonly availableTools?: readonly string[]
  /** Weights of patterns by name, in [0, 1]. Default: the store's preferences of type `pattern`. */
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
