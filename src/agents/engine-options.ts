import { REWARD_RANGE } from '../algorithms/rewards.ts'
import { checkOptions, invalid } from '../checks.ts'
import type { ReplayOptions } from '../learning/core/replay.ts'
import type { Discovery, DiscoveryRule } from '../learning/patterns/strategy-use.ts'
import type { LearnerConfiguration } from '../tables/learner-configuration.ts'
import type { RewardOptions } from './reward-calculator.ts'
import { STORE_OPTIONS, type StoreOptions } from './shared-store-handle.ts'

/** The options of a learning engine. Learner options that are not given are those stored for the agent; for a new agent, the defaults of agentic-qe. */
export interface LearningEngineOptions extends Partial<LearnerConfiguration>, StoreOptions {
  /** How rewards are calculated. */
  readonly reward?: RewardOptions
  /** When a strategy becomes a pattern: a rule, or a rule with its thresholds. Default: `rate`, as agentic-qe documents it. */
  readonly discovery?: DiscoveryRule | Discovery
  /** Number of experiences between two replays and measurements of the improvement. Default: 10. */
  readonly updateFrequency?: number
  /** How experiences are replayed; `false` turns replays off. Default: 32 of the newest 10,000. */
  readonly replay?: ReplayOptions | false
  /** Whether the engine learns. Default: what the store holds for the agent, `true` for a new one. */
  readonly enabled?: boolean
  /** Whether values are learned; experiences and patterns are stored in any case. Default: true. */
  readonly qLearning?: boolean
}

/** The fields of a configuration by name; the compiler asks for a missing one. */
const LEARNER_FIELDS: { readonly [F in keyof LearnerConfiguration]: true } = {
  type: true,
  algorithm: true,
  learningRateSchedule: true,
  learningRate: true,
  discountFactor: true,
  policy: true,
  explorationRate: true,
  explorationDecay: true,
  minExplorationRate: true,
  temperature: true,
  ucbScale: true,
  planningSteps: true,
  nStep: true,
  traceDecay: true,
  modelWindow: true,
  modelHalfLife: true,
  explorationBonus: true,
  initialValue: true,
  rewardRange: true,
  rewardScale: true,
  unseenStates: true,
  features: true,
  actionFeatures: true,
  defaultTaskType: true,
  rewardWithinMs: true,
  defaultReward: true,
}
const LEARNER_OPTIONS = Object.keys(LEARNER_FIELDS) as (keyof LearnerConfiguration)[]
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
  const given = Object.entries(checkOptions(options, 'the options', [...LEARNER_OPTIONS, ...ENGINE_OPTIONS]))
  const isLearners = (name: string): boolean => Object.hasOwn(LEARNER_FIELDS, name)
  const learner: Partial<LearnerConfiguration> = Object.fromEntries(
    given.filter(([name, value]) => isLearners(name) && value !== undefined),
  )
  checkLearnsFromTasks(learner)
  return { ...Object.fromEntries(given.filter(([name]) => !isLearners(name))), learner }
}

/** Checks that an agent with this configuration can learn from tasks. @throws INVALID_ARGUMENT */
export function checkLearnsFromTasks({ policy, rewardRange }: Partial<LearnerConfiguration>): void {
  const [low = 0, high = 0] = rewardRange ?? []
  const [least, greatest] = REWARD_RANGE
  if ((rewardRange || policy === 'thompson-beta') && !(low <= least && high >= greatest)) {
    throw invalid('rewardRange', `a range that contains the rewards of tasks, [${least}, ${greatest}]`, rewardRange)
  }
}
