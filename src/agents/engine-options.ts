import { checkOptions } from '../checks.ts'
import type { ReplayOptions } from '../learning/core/replay.ts'
import type { Discovery } from '../learning/patterns/strategy-use.ts'
import type { LearnerConfiguration } from '../tables/learners.ts'
import type { RewardOptions } from './reward-calculator.ts'
import { STORE_OPTIONS, type StoreOptions } from './shared-store-handle.ts'

/** How a learning engine learns. What is left out is as it is stored; for a new agent, as in agentic-qe. */
export interface LearningEngineOptions extends Partial<LearnerConfiguration>, StoreOptions {
  readonly reward?: RewardOptions
  readonly discovery?: Discovery
  /** Every so many experiences others are replayed and the improvement is measured; 10 unless given. */
  readonly updateFrequency?: number
  /** How experiences are replayed: 32 of the newest 10,000 unless given; false does not. */
  readonly replay?: ReplayOptions | false
  /** Whether to learn at all; as the store keeps it for the agent unless given, and true for a new one. */
  readonly enabled?: boolean
  /** Whether to learn values; true unless given. Experiences and patterns are kept in any case. */
  readonly qLearning?: boolean
}

const LEARNER = [
  ...(['type', 'algorithm', 'learningRate', 'discountFactor', 'explorationRate', 'explorationDecay'] as const),
  'minExplorationRate' as const,
]
const OWN = [
  ...STORE_OPTIONS,
  ...(['reward', 'discovery', 'updateFrequency', 'replay', 'enabled', 'qLearning'] as const),
]

/** The options, with those of the stored learner apart. @throws INVALID_ARGUMENT */
export function checkEngineOptions(
  options: LearningEngineOptions,
): Omit<LearningEngineOptions, keyof LearnerConfiguration> & { readonly learner: Partial<LearnerConfiguration> } {
  const { type, algorithm, learningRate, discountFactor, explorationRate, explorationDecay, ...rest } = checkOptions(
    options,
    'the options',
    [...LEARNER, ...OWN],
  )
  const { minExplorationRate, ...own } = rest
  const given = { type, algorithm, learningRate, discountFactor, explorationRate, explorationDecay, minExplorationRate }
  const told = Object.entries(given).filter(([, value]) => value !== undefined)
  return { ...own, learner: Object.fromEntries(told) as Partial<LearnerConfiguration> }
}
