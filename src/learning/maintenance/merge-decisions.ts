import { DecisionCountsTable } from '../../tables/decision-counts.ts'
import { type DecisionRecord, LearningDecisionsTable } from '../../tables/learning-decisions.ts'
import type { Core } from '../core/core.ts'
import { isBefore, type OrderedExperience } from './canonical-order.ts'

/** Decisions by agent and id. */
export type DecisionsByKey = ReadonlyMap<string, DecisionRecord>

export function decisionsByKey(decisions: readonly DecisionRecord[]): DecisionsByKey {
  return new Map(decisions.map((one) => [keyOf(one.agentId, one.decisionId), one]))
}

/** All decisions of a store as they are stored. */
export function storedDecisions(core: Core): DecisionRecord[] {
  const table = new LearningDecisionsTable(core.connection)
  return table.agentIds().flatMap((agentId) => table.ofAgent(agentId))
}

/**
 * Whether every replica keeps `one` of two copies of an experience. Two copies of a store can give one decision different rewards: the
 * earlier counts, at the same time that of the smaller replica id.
 * @param decisions those of both replicas
 */
export function isKept(
  one: OrderedExperience,
  other: OrderedExperience,
  decisions: readonly DecisionsByKey[],
): boolean {
  const key = keyOf(one.agentId, one.identity)
  if (one.timestamp !== other.timestamp && decisions.some((known) => known.has(key))) {
    return one.timestamp < other.timestamp
  }
  return isBefore(one, other)
}

/**
 * Adds the decisions of another replica that this store does not have. Of two copies, a rewarded one beats an expired one, and that an
 * open one; of two rewards that counts which the merged experience has. A rewarded decision without its experience stays away: it
 * was deleted here. Call it after merging the experiences.
 */
export function mergeDecisions(core: Core, own: DecisionsByKey, others: readonly DecisionRecord[]): void {
  const table = new LearningDecisionsTable(core.connection)
  for (const other of others) {
    const { agentId, decisionId, status } = other
    const known = own.get(keyOf(agentId, decisionId))
    if (known && !replaces(core, other, known)) continue
    if (status === 'rewarded' && !core.experiences.get(agentId, decisionId)) continue
    if (known) table.remove(agentId, decisionId)
    table.add(other)
  }
  core.nextExpiry = new DecisionCountsTable(core.connection).nextExpiry()
}

function replaces(core: Core, other: DecisionRecord, known: DecisionRecord): boolean {
  if (other.status !== 'rewarded') return other.status === 'expired' && known.status === 'open'
  if (known.status !== 'rewarded') return true
  const kept = core.experiences.get(other.agentId, other.decisionId)
  const isKnown = kept?.reward === known.reward && kept?.timestamp === known.rewardedAt
  return !isKnown && kept?.reward === other.reward && kept.timestamp === other.rewardedAt
}

function keyOf(agentId: string, decisionId: string): string {
  return `${agentId}\0${decisionId}`
}
