import type { ExecutionPattern } from './execution-pattern.ts'
import type { TaskContext } from './task-context.ts'

/** A recommended execution pattern, with the reasons. */
export interface PatternRecommendation {
  /** The name of the pattern. */
  readonly patternUsed: string
  /** The rank of the recommendation, in [0, 1]: its confidence times its fit to the task. */
  readonly score: number
  /** The confidence in the pattern, in [0, 1]; it decays with the age of its runs. */
  readonly confidence: number
  /** The mean success rate, in [0, 1]. */
  readonly successRate: number
  /** The mean. */
  readonly executionTimeMs: number
  /** The tools that the pattern needs. */
  readonly toolsUsed: readonly string[]
  /** Number of uses of the patterns in `patternIds`. */
  readonly usageCount: number
  /** The reasons in English, for display. */
  readonly reasons: readonly string[]
  /** The stored patterns that the recommendation is based on, best first. */
  readonly patternIds: readonly number[]
}

/** The weight of runs of another complexity. */
const OTHER_COMPLEXITY = 0.5
/** The weight of a pattern that the user does not prefer. */
const NOT_PREFERRED = 0.5

/** The patterns that fit a context, each name once. @param confidenceOf the current confidence of a pattern. */
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

/** Undefined if the pattern does not fit. */
function fitOf(pattern: ExecutionPattern, context: TaskContext, confidence: number): Fit | undefined {
  const { taskType, complexityLevel, availableTools, userPreferences, currentPattern, taskDescription } = context
  const { patternUsed, successRate, executionTimeMs, usageCount, decayedCount, toolsUsed } = pattern
  if (taskType !== undefined && pattern.taskType !== taskType) return undefined
  if (taskType === undefined && taskDescription !== undefined && !mentions(taskDescription, pattern.taskType)) {
    return undefined
  }
  if (availableTools && toolsUsed.some((tool) => !availableTools.includes(tool))) return undefined

  const runs = `${decayedCount === null ? '' : `${usageCount} `}runs of ${pattern.taskType || 'any task'}`
  const seconds = Number((executionTimeMs / 1000).toPrecision(3))
  const reasons = [
    `${percent(successRate)} of the ${runs} succeeded, in ${seconds} s on average; ${percent(confidence)} sure`,
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
    score *= NOT_PREFERRED + (1 - NOT_PREFERRED) * weight
    reasons.push(weight > 0 ? `preferred with weight ${weight}` : 'not among what the user prefers')
  }
  if (patternUsed === currentPattern) reasons.push('in use now')
  return { pattern, score, confidence, reasons }
}

/** The best fit of a pattern, with the uses of all. */
function recommendationOf(fits: readonly Fit[]): PatternRecommendation {
  const { pattern, score, confidence, reasons } = fits[0] as Fit
  const { patternUsed, successRate, executionTimeMs, toolsUsed } = pattern
  return {
    patternUsed,
    score,
    confidence,
    successRate,
    executionTimeMs,
    toolsUsed,
    reasons,
    usageCount: fits.reduce((sum, fit) => sum + fit.pattern.usageCount, 0),
    patternIds: fits.map((fit) => fit.pattern.id),
  }
}

/** Whether the description contains all words of a task type, such as those of `unit-test` in "write a unit test". */
function mentions(description: string, taskType: string): boolean {
  const words = wordsOf(taskType)
  const inDescription = new Set(wordsOf(description))
  return words.length > 0 && words.every((word) => inDescription.has(word))
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
