import type { Algorithm } from '../../algorithms/algorithms.ts'
import { BANDIT_POLICIES, type LearnerPolicy } from '../../algorithms/policies.ts'
import {
  checkCount,
  checkName,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkPositive,
  checkRange,
} from '../../checks.ts'
import { CONFIGURATION_FIELDS, type LearnerConfiguration } from '../../tables/learners.ts'

/** The defaults of agentic-qe's learning engine, and textbook values for options that it does not have. */
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
  temperature: null,
  ucbScale: Math.SQRT2,
  nStep: 1,
  traceDecay: 0,
  planningSteps: 0,
  modelWindow: 0,
  modelHalfLife: 0,
  explorationBonus: 0,
  initialValue: 0,
  rewardRange: null,
  rewardScale: null,
  unseenStates: 'auto',
}

/**
 * Thompson sampling with the whole posterior explores longer than it pays: with eight features and six actions its regret after 1,000 steps
 * is 26, with half its width 21.
 */
const SAMPLING_SCALE = 0.5

export function defaultPolicy(algorithm: Algorithm): LearnerPolicy {
  return algorithm === 'linear' ? 'squarecb' : DEFAULTS.policy
}

/** The configuration of a new agent. A value of a bandit policy is a mean of rewards, unless a learning rate is given. */
export function newConfiguration(given: Partial<LearnerConfiguration>): LearnerConfiguration {
  const isBandit = given.learningRate === undefined && BANDIT_POLICIES.includes(given.policy ?? '')
  const policy = defaultPolicy(given.algorithm ?? DEFAULTS.algorithm)
  const isSampling = given.algorithm === 'lin-ts'
  return {
    ...DEFAULTS,
    policy,
    ...(isSampling && { ucbScale: SAMPLING_SCALE }),
    ...(isBandit && { learningRateSchedule: 'sample-average' }),
    ...given,
  }
}

const FIELDS = Object.keys(CONFIGURATION_FIELDS) as (keyof LearnerConfiguration)[]

/** @throws INVALID_ARGUMENT */
function checkField(name: keyof LearnerConfiguration, value: unknown): void {
  const { highColumn, oneOf, min, above, max = Number.MAX_VALUE, isInteger, nullAs } = CONFIGURATION_FIELDS[name]
  const isRange = highColumn !== undefined
  if (value === null && (nullAs !== undefined || isRange)) return
  if (isRange) checkRange(value, name)
  else if (oneOf) checkOneOf(value, name, oneOf)
  else if (above !== undefined) checkPositive(value, name, max)
  else if (min === undefined) checkName(value, name)
  else checkNumber(isInteger ? checkCount(value, name, min) : value, name, min, max)
}

/** @returns the fields that are not undefined. @throws INVALID_ARGUMENT */
export function checkConfiguration(given: Partial<LearnerConfiguration>): Partial<LearnerConfiguration> {
  checkOptions(given, 'the configuration of an agent', FIELDS)
  const fields = FIELDS.filter((name) => given[name] !== undefined)
  for (const name of fields) checkField(name, given[name])
  return Object.fromEntries(fields.map((name) => [name, given[name]]))
}

/** The valid configuration fields of an untrusted object; all others are left out. */
export function configurationIn(found: { readonly [name: string]: unknown }): Partial<LearnerConfiguration> {
  // Version 0.1.0 wrote another name.
  const renamed: typeof found = { learningRateSchedule: found.stepSize, ...found }
  const good = FIELDS.filter((name) => {
    try {
      if (renamed[name] === undefined || !Object.hasOwn(renamed, name)) return false
      checkField(name, renamed[name])
      return true
    } catch {
      return false
    }
  })
  return Object.fromEntries(good.map((name) => [name, renamed[name]]))
}
