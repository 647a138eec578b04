import { POLICIES } from '../../algorithms/policies.ts'
import { checkCount, checkName, checkNumber, checkOneOf, checkOptions, checkPositive } from '../../checks.ts'
import type { LearnerConfiguration } from '../../tables/learners.ts'

const ALGORITHMS = ['q-learning', 'sarsa', 'expected-sarsa', 'double-q-learning', 'lin-ucb'] as const
const LEARNING_RATE_SCHEDULES = ['constant', 'sample-average'] as const

/** The defaults of agentic-qe's learning engine; what it does not have is as textbooks have it. */
export const DEFAULTS: LearnerConfiguration = {
  type: 'agent',
  algorithm: 'q-learning',
  learningRateSchedule: 'constant',
  learningRate: 0.1,
  discountFactor: 0.95,
  policy: 'epsilon-greedy',
  explorationRate: 0.3,
  explorationDecay: 0.995,
  minExplorationRate: 0.01,
  temperature: 1,
  ucbScale: Math.SQRT2,
  planningSteps: 0,
}

/** A planning step takes about as long as learning: more would stop everyone else. */
const MOST_PLANNING_STEPS = 1_000

const CHECKS: { readonly [K in keyof LearnerConfiguration]: (value: unknown) => unknown } = {
  type: (value) => checkName(value, 'type'),
  algorithm: (value) => checkOneOf(value, 'algorithm', ALGORITHMS),
  learningRateSchedule: (value) => checkOneOf(value, 'learningRateSchedule', LEARNING_RATE_SCHEDULES),
  learningRate: (value) => checkPositive(value, 'learningRate', 1),
  discountFactor: (value) => checkNumber(value, 'discountFactor', 0, 1),
  policy: (value) => checkOneOf(value, 'policy', POLICIES),
  explorationRate: (value) => checkNumber(value, 'explorationRate', 0, 1),
  explorationDecay: (value) => checkPositive(value, 'explorationDecay', 1),
  minExplorationRate: (value) => checkNumber(value, 'minExplorationRate', 0, 1),
  temperature: (value) => checkPositive(value, 'temperature', Number.MAX_VALUE),
  ucbScale: (value) => checkNumber(value, 'ucbScale', 0, Number.MAX_VALUE),
  planningSteps: (value) => checkNumber(checkCount(value, 'planningSteps', 0), 'planningSteps', 0, MOST_PLANNING_STEPS),
}

/** The fields that are given. @throws INVALID_ARGUMENT */
export function checkConfiguration(given: Partial<LearnerConfiguration>): Partial<LearnerConfiguration> {
  const names = Object.keys(CHECKS) as (keyof LearnerConfiguration)[]
  checkOptions(given, 'the configuration of an agent', names)
  const fields = names.filter((name) => given[name] !== undefined)
  for (const name of fields) CHECKS[name](given[name])
  return Object.fromEntries(fields.map((name) => [name, given[name]]))
}

/** What of an object of unknown make is a configuration; the rest is left out. */
export function configurationIn(found: { readonly [name: string]: unknown }): Partial<LearnerConfiguration> {
  // Version 0.1.0 wrote another name.
  const renamed: typeof found = { learningRateSchedule: found.stepSize, ...found }
  const good = Object.entries(CHECKS).filter(([name, check]) => {
    try {
      return renamed[name] !== undefined && Object.hasOwn(renamed, name) && check(renamed[name]) !== null
    } catch {
      return false
    }
  })
  return Object.fromEntries(good.map(([name]) => [name, renamed[name]]))
}
