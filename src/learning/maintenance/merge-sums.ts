import { decayed } from '../../algorithms/exploration.ts'
import { memoizedKeyOfJson } from '../../algorithms/keys/key-of-json.ts'
import { withoutRewards } from '../../algorithms/statistics.ts'
import type { ReplicatedRow } from '../../tables/experience-replicas.ts'
import {
  mergeRewards,
  NO_REWARDS,
  type OfferedActions,
  offerKey,
  type RewardSums,
  type TransitionSums,
  transitionKey,
  withReward,
} from '../../tables/learning-sums.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { ReplicaMark } from '../../tables/summed-replicas.ts'
import type { KeyedValueRow } from '../../tables/values.ts'
import type { Core } from '../core/core.ts'
import type { Learner } from '../core/learners.ts'
import type { OrderedExperience } from './canonical-order.ts'
import { pairKey } from './rederive-values.ts'

/** The sums of an agent, and what its states offer. */
export interface AgentSums {
  readonly sums: readonly TransitionSums[]
  readonly offered: readonly OfferedActions[]
}

/** The last experience of each replica that the sums of a store contain, its own among them. */
export type ReplicaMarks = ReadonlyMap<string, ReplicaMark>

/** The marks of a store: those that it keeps of other replicas, and those that its own experiences give. */
export function marksOf(
  replicaId: string,
  kept: ReplicaMarks,
  experiences: readonly Pick<ReplicatedRow, 'id' | 'replicaId' | 'replicaSequence' | 'experienceId'>[],
): ReplicaMarks {
  const marks = new Map(kept)
  for (const row of experiences) {
    const origin = row.replicaId ?? replicaId
    const sequence = row.replicaSequence ?? row.id
    if (sequence > (marks.get(origin)?.sequence ?? 0)) marks.set(origin, { sequence, experienceId: row.experienceId })
  }
  return marks
}

/** The sums of each agent. */
export function byAgent({ sums, offered }: AgentSums): ReadonlyMap<string, AgentSums> {
  const agents = new Map<string, { sums: TransitionSums[]; offered: OfferedActions[] }>()
  const of = (agentId: string): { sums: TransitionSums[]; offered: OfferedActions[] } => {
    const known = agents.get(agentId) ?? { sums: [], offered: [] }
    agents.set(agentId, known)
    return known
  }
  for (const one of sums) of(one.agentId).sums.push(one)
  for (const one of offered) of(one.agentId).offered.push(one)
  return agents
}

/** Sums of these experiences, in their order. */
export function sumsOf(rows: readonly OrderedExperience[]): AgentSums {
  return added({ sums: [], offered: [] }, rows)
}

/** Sums with these experiences added, in their order. */
export function added({ sums, offered }: AgentSums, rows: readonly OrderedExperience[]): AgentSums {
  const byKey = new Map(sums.map((one) => [transitionKey(one), one]))
  const offers = new Map(offered.map((one) => [offerKey(one), one]))
  for (const { agentId, state, action, nextState, terminated, reward, nextActions } of rows) {
    const transition = { agentId, state, action, nextState, terminated }
    const before = byKey.get(transitionKey(transition)) ?? { ...transition, ...NO_REWARDS }
    byKey.set(transitionKey(transition), { ...before, ...withReward(before, reward) })
    if (nextActions === null || terminated) continue
    const offer = { agentId, state: nextState, actions: nextActions }
    offers.set(offerKey(offer), offer)
  }
  return { sums: [...byKey.values()], offered: [...offers.values()] }
}

/** Sums without these experiences, which they contain; the range of the rewards stays. What the states offer stays, too. */
export function subtracted({ sums, offered }: AgentSums, rows: readonly OrderedExperience[]): AgentSums {
  const byKey = new Map(sums.map((one) => [transitionKey(one), one]))
  for (const row of rows) {
    const before = byKey.get(transitionKey(row))
    if (!before) continue
    if (before.count === 1) byKey.delete(transitionKey(row))
    else byKey.set(transitionKey(row), { ...before, ...withoutRewards(before, withReward(NO_REWARDS, row.reward)) })
  }
  return { sums: [...byKey.values()], offered }
}

/** The sums of disjoint experiences together. */
export function united(one: AgentSums, other: AgentSums): AgentSums {
  const byKey = new Map(one.sums.map((sums) => [transitionKey(sums), sums]))
  for (const sums of other.sums) {
    const known = byKey.get(transitionKey(sums))
    byKey.set(transitionKey(sums), known ? { ...known, ...mergeRewards(known, sums) } : sums)
  }
  const offers = new Map([...one.offered, ...other.offered].map((offer) => [offerKey(offer), offer]))
  return { sums: [...byKey.values()], offered: [...offers.values()] }
}

/** Whether sums with these marks contain an experience. */
export function contains(marks: ReplicaMarks, row: Pick<OrderedExperience, 'replicaId' | 'replicaSequence'>): boolean {
  return (marks.get(row.replicaId)?.sequence ?? 0) >= row.replicaSequence
}

/** Whether sums with the marks `one` contain everything that sums with the marks `other` contain. */
export function containsAll(one: ReplicaMarks, other: ReplicaMarks): boolean {
  return [...other].every(([id, { sequence }]) => (one.get(id)?.sequence ?? 0) >= sequence)
}

/** Whether sums with these marks have no experience in common. */
export function areDisjoint(one: ReplicaMarks, other: ReplicaMarks): boolean {
  return [...other].every(([id, { sequence }]) => sequence === 0 || (one.get(id)?.sequence ?? 0) === 0)
}

/** The greater mark of each replica. */
export function furthest(one: ReplicaMarks, other: ReplicaMarks): ReplicaMarks {
  const marks = new Map(one)
  for (const [id, mark] of other) if (mark.sequence > (one.get(id)?.sequence ?? 0)) marks.set(id, mark)
  return marks
}

/**
 * Sets the values of an agent whose values are means of rewards, and its progress.
 * @param known the values that the replicas have, for when they last changed. @returns the keys of the pairs.
 */
export function setMeanValues(
  core: Core,
  learner: Learner,
  agentSums: AgentSums,
  known: readonly KeyedValueRow[],
): Set<string> {
  const { agentId } = learner
  const { sums } = agentSums
  const keyOfJson = memoizedKeyOfJson()
  const updated = new Map<string, string>()
  for (const { stateKey, actionKey, lastUpdated } of known) {
    const pair = pairKey(stateKey, actionKey)
    if (lastUpdated > (updated.get(pair) ?? '')) updated.set(pair, lastUpdated)
  }
  const pairs = new Map<string, { stateKey: string; actionKey: string; rewards: RewardSums }>()
  for (const one of sums) {
    const [stateKey, actionKey] = [keyOfJson(one.state), keyOfJson(one.action)]
    const pair = pairKey(stateKey, actionKey)
    pairs.set(pair, { stateKey, actionKey, rewards: mergeRewards(pairs.get(pair)?.rewards ?? NO_REWARDS, one) })
  }
  let [deviationCount, deviationSquares] = [0, 0]
  for (const [pair, { stateKey, actionKey, rewards }] of pairs) {
    const { mean: value, count: visits, m2 } = rewards
    const lastUpdated = updated.get(pair) ?? sqlTime(core.now())
    core.valueCache.set(agentId, stateKey, { actionKey, value, visits, lastUpdated })
    // With steps of 1/N the squared deviations of targets add up to those of the rewards from their mean.
    deviationCount += visits - 1
    deviationSquares += m2
  }
  setProgress(core, learner, agentSums, { deviationCount, deviationSquares })
  return new Set(pairs.keys())
}

/** Sets the progress of an agent that is derived from its sums. The exploration rate decays once per termination. */
export function setProgress(
  core: Core,
  { agentId, explorationRate, explorationDecay, minExplorationRate }: Learner,
  { sums }: AgentSums,
  deviations: Pick<Learner, 'deviationCount' | 'deviationSquares'> = { deviationCount: 0, deviationSquares: 0 },
): void {
  const experienceCount = sums.reduce((sum, { count }) => sum + count, 0)
  const episodes = sums.reduce((sum, { terminated, count }) => sum + (terminated ? count : 0), 0)
  let currentExplorationRate = explorationRate
  for (let i = 0; i < episodes && currentExplorationRate > minExplorationRate; i++) {
    currentExplorationRate = decayed(currentExplorationRate, explorationDecay, minExplorationRate)
  }
  core.learners.setProgress(agentId, { currentExplorationRate, experienceCount, ...deviations })
}

/** Replaces the sums of an agent. Call it inside a transaction. */
export function replaceSums(core: Core, agentId: string, { sums, offered }: AgentSums): void {
  core.writePending()
  core.sums.forget()
  core.sums.table.removeAgent(agentId)
  for (const one of sums) core.sums.table.add(one, one)
  for (const one of offered) core.sums.table.offer(one)
}
