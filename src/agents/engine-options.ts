import { checkOptions } from '../checks.ts'
import type { ReplayOptions } from '../learning/core/replay.ts'
import type { Discovery } from '../learning/patterns/strategy-use.ts'
import type { LearnerConfiguration } from '../tables/learners.ts'
import type { RewardOptions } from './reward-calculator.ts'
import { STORE_OPTIONS, type StoreOptions } from './shared-store-handle.ts'

/** The options of a learning engine. Learner options that are not given are those stored for the agent; for a new agent, the defaults of agentic-qe. */
export interface LearningEngineOptions extends Partial<LearnerConfiguration>, StoreOptions {
  /** How rewards are calculated. */
  readonly reward?: RewardOptions
  /** When a strategy becomes a pattern. */
  readonly discovery?: Discovery
  /** Number of experiences between two replays and measurements of the improvement. Default: 10. */
  readonly updateFrequency?: number
  /** How experiences are replayed; `false` turns replays off. Default: 32 of the newest 10,000. */
  readonly replay?: ReplayOptions | false
  /** Whether the engine learns. Default: what the store holds for the agent, `true` for a new one. */
  readonly enabled?: boolean
  /** Whether values are learned; experiences and patterns are stored in any case. Default: true. */
  readonly qLearning?: boolean
}

const LEARNER_OPTIONS = [
  'type',
  'algorithm',
  'learningRate',
  'discountFactor',
  'explorationRate',
  'explorationDecay',
  'minExplorationRate',
] as const
const ENGINE_OPTIONS = [
  ...STORE_OPTIONS,
  'reward',
  'discovery',
  'updateFrequency',
  'replay',
  'enabled',
  'qLearning',
] as const

/** Checks the options and separates those of the stored learner. @throws INVALID_ARGUMENT */
export function checkEngineOptions(
  options: LearningEngineOptions,
): Omit<LearningEngineOptions, keyof LearnerConfiguration> & { readonly learner: Partial<LearnerConfiguration> } {
  const { type, algorithm, learningRate, discountFactor, explorationRate, explorationDecay, ...rest } = checkOptions(
    options,
    'the options',
    [...LEARNER_OPTIONS, ...ENGINE_OPTIONS],
  )
  const { minExplorationRate, ...own } = rest
  const given = { type, algorithm, learningRate, discountFactor, explorationRate, explorationDecay, minExplorationRate }
  const defined = Object.entries(given).filter(([, value]) => value !== undefined)
  return { ...own, learner: Object.fromEntries(defined) as Partial<LearnerConfiguration> }
}
