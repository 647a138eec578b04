import type { ExecutionPattern } from './execution-pattern.ts'
import type { TaskContext } from './task-context.ts'

/** An execution pattern that is recommended, and why. */
export interface PatternRecommendation {
  readonly patternUsed: string
  /** What recommendations are sorted by, in [0, 1]: how surely it succeeds, times how well it fits. */
  readonly score: number
  /** In [0, 1]; less sure as its runs grow old. */
  readonly confidence: number
  readonly successRate: number
  /** The mean, in seconds. */
  readonly executionTime: number
  readonly toolsUsed: readonly string[]
  /** How often it was used in the tasks that it is recommended by. */
  readonly usageCount: number
  /** For people. */
  readonly reasons: readonly string[]
  /** The patterns of the store that it rests on, the best first. */
  readonly patternIds: readonly number[]
}

/** What was learned of tasks of another complexity counts half, and so does what the user would rather not have. */
const OTHER_COMPLEXITY = 0.5
const UNWANTED = 0.5

/** The patterns that fit a context, each once. @param confidenceOf how sure a pattern is now. */
export function recommendedPatterns(
  patterns: readonly ExecutionPattern[],
  context: TaskContext,
  confidenceOf: (pattern: ExecutionPattern) => number,
): PatternRecommendation[] {
  const byName = new Map<string, Fit[]>()
  for (const pattern of patterns) {
    const fit = fitOf(pattern, context, confidenceOf(pattern))
    if (!fit) continue
    const fits = byName.get(pattern.patternUsed)
    if (fits) fits.push(fit)
    else byName.set(pattern.patternUsed, [fit])
  }
  return [...byName.values()].map((fits) =>
    recommendationOf(fits.sort((a, b) => b.score - a.score || a.pattern.id - b.pattern.id)),
  )
}

interface Fit {
  readonly pattern: ExecutionPattern
  readonly score: number
  readonly confidence: number
  readonly reasons: readonly string[]
}

/** Undefined where the pattern does not fit at all. */
function fitOf(pattern: ExecutionPattern, context: TaskContext, confidence: number): Fit | undefined {
  const { taskType, complexityLevel, availableTools, userPreferences, currentPattern, taskDescription } = context
  const { patternUsed, successRate, executionTime, usageCount, decayedCount, toolsUsed } = pattern
  if (taskType !== undefined && pattern.taskType !== taskType) return undefined
  if (taskType === undefined && taskDescription !== undefined && !names(taskDescription, pattern.taskType))
    return undefined
  if (availableTools && toolsUsed.some((tool) => !availableTools.includes(tool))) return undefined

  const reasons = [
    `${percent(successRate)} of the ${decayedCount === null ? '' : `${usageCount} `}runs of ${pattern.taskType || 'any task'} succeeded, in ${Number(executionTime.toPrecision(3))} s on average; ${percent(confidence)} sure`,
  ]
  let score = confidence
  if (complexityLevel !== undefined) {
    const isSame = pattern.complexityLevel === complexityLevel
    score *= isSame ? 1 : OTHER_COMPLEXITY
    reasons.push(
      isSame ? `of the same complexity, ${complexityLevel}` : `of ${pattern.complexityLevel} tasks, which counts half`,
    )
  }
  if (availableTools && toolsUsed.length > 0) reasons.push(`all its tools are there: ${toolsUsed.join(', ')}`)
  if (userPreferences && Object.keys(userPreferences).length > 0) {
    const weight = (Object.hasOwn(userPreferences, patternUsed) && userPreferences[patternUsed]) || 0
    score *= UNWANTED + (1 - UNWANTED) * weight
    reasons.push(weight > 0 ? `preferred with weight ${weight}` : 'not among what the user prefers')
  }
  if (patternUsed === currentPattern) reasons.push('in use now')
  return { pattern, score, confidence, reasons }
}

/** By the one that fits best, with the uses of all. */
function recommendationOf(fits: readonly Fit[]): PatternRecommendation {
  const { pattern, score, confidence, reasons } = fits[0] as Fit
  const { patternUsed, successRate, executionTime, toolsUsed } = pattern
  return {
    ...{ patternUsed, score, confidence, successRate, executionTime, toolsUsed, reasons },
    usageCount: fits.reduce((sum, fit) => sum + fit.pattern.usageCount, 0),
    patternIds: fits.map((fit) => fit.pattern.id),
  }
}

/** Whether all words of a task type are in the description, such as those of `unit-test` in "write a unit test". */
function names(description: string, taskType: string): boolean {
  const said = new Set(wordsOf(description))
  const words = wordsOf(taskType)
  return words.length > 0 && words.every((word) => said.has(word))
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
