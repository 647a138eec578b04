import { type Interval, meanInterval, type Range } from '../../algorithms/intervals.ts'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import type { JsonValue } from '../../json-value.ts'
import { mergeRewards, NO_REWARDS, type RewardSums } from '../../tables/learning-sums.ts'
import type { Core } from '../core/core.ts'
import { toJson } from '../core/experience.ts'

/** The rewards of the actions in a state, where they alone make the values of the actions. */
export interface MeanRewards {
  /** By action key: all rewards that were ever recorded, not only learned ones. */
  readonly byAction: ReadonlyMap<string, RewardSums>
  /** The range of the rewards; null if it is unknown. */
  readonly range: Range | null
}

/**
 * The rewards behind the values of a state. @param given the range, if the caller knows it. @returns undefined if an action has no
 * experiences, or a value of it includes that of a next state: then the mean reward says nothing about the value.
 */
export function meanRewardsIn(
  core: Core,
  agentId: string,
  state: JsonValue,
  actionKeys: readonly string[],
  given: Range | undefined,
): MeanRewards | undefined {
  core.writePending()
  const { discountFactor } = core.learners.get(agentId)
  const byAction = new Map<string, RewardSums>()
  for (const actionKey of actionKeys) {
    const outcomes = core.sums.table.ofAction(agentId, toJson(state), toJson(parseKey(actionKey)))
    const continues = discountFactor > 0 && outcomes.some(({ terminated }) => !terminated)
    if (outcomes.length === 0 || continues) return undefined
    byAction.set(actionKey, outcomes.reduce(mergeRewards, NO_REWARDS))
  }
  return { byAction, range: rangeOf([...byAction.values()], given ?? core.defaultsOf(agentId).rewardRange) }
}

/** The interval of the mean reward of an action; null if it has none. */
export function intervalOf({ byAction, range }: MeanRewards, actionKey: string): Interval | null {
  const rewards = byAction.get(actionKey)
  return (rewards && meanInterval(rewards, range)) ?? null
}

/** The known range, unless rewards from before it was known are outside; without one [0, 1], if every reward is 0 or 1. */
function rangeOf(rewards: readonly RewardSums[], known: Range | null): Range | null {
  if (known && rewards.every(({ least, greatest }) => least >= known[0] && greatest <= known[1])) return known
  return rewards.length > 0 && rewards.every(isBinary) ? [0, 1] : null
}

/** Rewards in [0, 1] have the greatest possible sum of squared deviations exactly if each is 0 or 1. */
function isBinary({ count, mean, m2, least, greatest }: RewardSums): boolean {
  const ofBinary = count * mean * (1 - mean)
  return least >= 0 && greatest <= 1 && Math.abs(m2 - ofBinary) <= 1e-9 * count
}
