import { type Interval, meanInterval, type Range } from '../../algorithms/intervals.ts'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import type { JsonValue } from '../../json-value.ts'
import { EvidenceTable, type RewardsOfAction } from '../../tables/experience-evidence.ts'
import type { Core } from '../core/core.ts'
import { toJson } from '../core/experience.ts'

/** The rewards of the actions in a state, where they alone make the values of the actions. */
export interface MeanRewards {
  /** By action key: all stored rewards, not only learned ones. */
  readonly byAction: ReadonlyMap<string, RewardsOfAction>
  /** The range of the rewards; null if it is unknown. */
  readonly range: Range | null
}

/**
 * The rewards behind the values of a state. @param given the range, if the caller knows it. @returns undefined if an action has no
 * stored experiences, or a value of it includes that of a next state: then the mean reward says nothing about the value.
 */
export function meanRewardsIn(
  core: Core,
  agentId: string,
  state: JsonValue,
  actionKeys: readonly string[],
  given: Range | undefined,
): MeanRewards | undefined {
  const table = new EvidenceTable(core.connection)
  const { discountFactor } = core.learners.get(agentId)
  const byAction = new Map<string, RewardsOfAction>()
  for (const actionKey of actionKeys) {
    const rewards = table.rewards(agentId, toJson(state), toJson(parseKey(actionKey)))
    if (!rewards || (discountFactor > 0 && rewards.continued > 0)) return undefined
    byAction.set(actionKey, rewards)
  }
  return { byAction, range: rangeOf([...byAction.values()], given ?? core.defaultsOf(agentId).rewardRange) }
}

/** The interval of the mean reward of an action; null if it has none. */
export function intervalOf(
  core: Core,
  agentId: string,
  state: JsonValue,
  actionKey: string,
  { byAction, range }: MeanRewards,
): Interval | null {
  const rewards = byAction.get(actionKey)
  if (!rewards) return null
  const { count, mean } = rewards
  const table = new EvidenceTable(core.connection)
  const m2 = range ? 0 : table.squares(agentId, toJson(state), toJson(parseKey(actionKey)), mean)
  return meanInterval({ count, mean, m2 }, range) ?? null
}

/** The known range, unless rewards from before it was known are outside; without one [0, 1], if every reward is 0 or 1. */
function rangeOf(rewards: readonly RewardsOfAction[], known: Range | null): Range | null {
  if (known && rewards.every(({ min, max }) => min >= known[0] && max <= known[1])) return known
  return rewards.length > 0 && rewards.every(({ isBinary }) => isBinary) ? [0, 1] : null
}
