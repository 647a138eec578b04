import { hasExactModel } from '../../algorithms/algorithms.ts'
import { StoreError } from '../../errors.ts'
import { ReplicatedExperiencesTable } from '../../tables/experience-replicas.ts'
import { SummedReplicasTable } from '../../tables/summed-replicas.ts'
import type { KeyedValueRow } from '../../tables/values.ts'
import type { Core } from '../core/core.ts'
import { checkConfiguration } from '../core/learner-configuration.ts'
import { hasMeanValues } from '../core/learners.ts'
import { inCanonicalOrder, type OrderedExperience, toOrdered } from './canonical-order.ts'
import { separateCopies } from './copies.ts'
import { type DecisionsByKey, decisionsByKey, isKept, mergeDecisions } from './merge-decisions.ts'
import {
  type AgentSums,
  added,
  areDisjoint,
  contains,
  containsAll,
  furthest,
  type ReplicaMarks,
  replaceSums,
  setMeanValues,
  setProgress,
  subtracted,
  sumsOf,
  united,
} from './merge-sums.ts'
import { ownReplica } from './own-replica.ts'
import { carryValue, forgetValues, pairKey, type RederiveResult, rederiveValues } from './rederive-values.ts'
import type { Replica, ReplicaAgent } from './replica.ts'

/** Result of merging another store. */
export interface MergeResult {
  /** Number of agents in both stores together. */
  readonly agents: number
  /** Number of the other store's experiences that were added. */
  readonly added: number
  /** Number of the other store's experiences that this store already had. */
  readonly known: number
  /** Number of state-action pairs whose values were derived from experiences. */
  readonly derived: number
  /** Number of values that were copied because no stored experience supports them. */
  readonly carried: number
  /** Number of stored experiences that could not be learned from, for example because their features differ. */
  readonly refused: number
}

/**
 * Adds the experiences of another replica that this store does not have and derives the values of all agents again from
 * all experiences in canonical order. After two replicas have merged each other, their values are bit-identical. Call
 * it inside a transaction. The latest configuration of an agent wins. Values that no stored experience supports are
 * copied, from the replica with more visits; values are never averaged. If one of the two has learned nothing, the
 * other's values are copied. An experience that was pruned or deleted here stays so: the sums contain it, or it was
 * subtracted. After pruning, values that are means of rewards, and models that are sums, come from the sums of both replicas.
 * @throws INVALID_ARGUMENT if experiences of another agent were pruned, because its values cannot be derived completely, or if sums
 * of pruned experiences overlap
 */
export function merge(core: Core, given: Replica, { forgetRemoved }: { readonly forgetRemoved: boolean }): MergeResult {
  core.writePending()
  const before = ownReplica(core)
  const { other, hasRenamed } = separateCopies(core, before, given)
  const own = hasRenamed ? ownReplica(core) : before
  const ids = [...new Set([...agentIdsOf(own), ...agentIdsOf(other)])].sort()
  for (const agentId of ids) configure(core, agentId, own, other)
  const decisions = [decisionsByKey(own.decisions), decisionsByKey(other.decisions)] as const
  const result = mergeLearning(core, ids, own, other, decisions, forgetRemoved)
  mergeDecisions(core, decisions[0], other.decisions)
  return result
}

function mergeLearning(
  core: Core,
  ids: readonly string[],
  own: Replica,
  other: Replica,
  decisions: readonly DecisionsByKey[],
  forgetRemoved: boolean,
): MergeResult {
  if (isBlank(other)) return { agents: ids.length, added: 0, known: 0, derived: 0, carried: 0, refused: 0 }
  keepMarks(core, own, other)
  if (isBlank(own)) return { agents: ids.length, ...copyAll(core, other, forgetRemoved) }
  const [ours, theirs] = [experiencesByAgent(own), experiencesByAgent(other)]
  const count = { added: 0, known: 0, derived: 0, carried: 0, refused: 0 }
  for (const agentId of ids) {
    const lists = [ours.get(agentId) ?? [], theirs.get(agentId) ?? []] as const
    const experiences = mergeExperiences(core, own, ...lists, decisions)
    count.added += experiences.added.length
    count.known += experiences.known
    const { pairs, refused } = deriveValues(core, agentId, own, other, experiences, forgetRemoved)
    const values = valuesIn(agentId, own, other)
    const carried = values.filter(({ stateKey, actionKey }) => !pairs.has(pairKey(stateKey, actionKey)))
    for (const value of carried) carryValue(core, agentId, value)
    count.derived += pairs.size
    count.carried += new Set(carried.map(({ stateKey, actionKey }) => pairKey(stateKey, actionKey))).size
    count.refused += refused
  }
  return { agents: ids.length, ...count }
}

interface MergedExperiences {
  /** The stored experiences of an agent after merging. */
  readonly merged: readonly OrderedExperience[]
  /** Those that this store did not have. */
  readonly added: readonly OrderedExperience[]
  /** Those of this store instead of which it has the other's copy now: decisions with another, earlier reward. */
  readonly replaced: readonly OrderedExperience[]
  /** Number of experiences of the other replica that this store has, or had. */
  readonly known: number
}

function mergeExperiences(
  core: Core,
  own: Replica,
  ours: readonly OrderedExperience[],
  theirs: readonly OrderedExperience[],
  decisions: readonly DecisionsByKey[],
): MergedExperiences {
  const table = new ReplicatedExperiencesTable(core.connection)
  const merged = new Map(ours.map((row) => [row.identity, row]))
  const added: OrderedExperience[] = []
  const replaced: OrderedExperience[] = []
  for (const row of inCanonicalOrder(theirs)) {
    const known = merged.get(row.identity)
    if (known ? !isKept(row, known, decisions) : contains(own.marks, row)) continue
    if (known) {
      table.remove(known.id)
      replaced.push(known)
    } else added.push(row)
    const { id: _, identity, ...rest } = row
    table.append({ ...rest, experienceId: identity })
    merged.set(identity, row)
  }
  return { merged: [...merged.values()], added, replaced, known: theirs.length - added.length }
}

/** Derives the sums and the values of an agent. @throws INVALID_ARGUMENT */
function deriveValues(
  core: Core,
  agentId: string,
  own: Replica,
  other: Replica,
  experiences: MergedExperiences,
  forgetRemoved: boolean,
): RederiveResult {
  const cut = [own, other].flatMap(({ agents }) =>
    agents.filter(({ id, removedCount }) => id === agentId && removedCount > 0),
  )
  if (cut.length === 0) {
    replaceSums(core, agentId, sumsOf(inCanonicalOrder(experiences.merged)))
    return rederiveValues(core, agentId, experiences.merged)
  }
  const isComplete = [own, other].every((replica) => hasCompleteSums(replica, agentId))
  const sums = isComplete ? unitedSums(own, other, agentId, experiences) : undefined
  const learner = core.learners.get(agentId)
  const removed = cut.reduce((most, { removedCount }) => Math.max(most, removedCount), 0)
  if (sums && (hasExactModel(learner.algorithm) || hasMeanValues(learner, sums.sums))) {
    replaceSums(core, agentId, sums)
    forgetValues(core, agentId)
    core.learners.setRemovedCount(agentId, Math.max(0, recordedIn(sums) - experiences.merged.length))
    if (hasExactModel(learner.algorithm)) {
      core.linear().rebuild(agentId)
      setProgress(core, learner, sums)
      return { pairs: new Set(), refused: 0 }
    }
    return { pairs: setMeanValues(core, learner, sums, valuesIn(agentId, own, other)), refused: 0 }
  }
  if (!forgetRemoved) throw incomplete(agentId, removed)
  replaceSums(core, agentId, sums ?? added(sumsIn(own, agentId), experiences.added))
  return rederiveValues(core, agentId, experiences.merged)
}

/** The sums of an agent in both replicas together; undefined if they overlap and the stored experiences do not show where. */
function unitedSums(
  own: Replica,
  other: Replica,
  agentId: string,
  experiences: MergedExperiences,
): AgentSums | undefined {
  const [ours, theirs] = [sumsIn(own, agentId), sumsIn(other, agentId)]
  if (hasAllBeyond(other, agentId, own.marks)) {
    const { merged, replaced } = experiences
    const instead = new Set(replaced.map(({ identity }) => identity))
    const kept = merged.filter(({ identity }) => instead.has(identity))
    return added(subtracted(ours, replaced), [...kept, ...experiences.added])
  }
  if (areDisjoint(own.marks, other.marks) && experiences.known === 0) return united(ours, theirs)
  return containsAll(other.marks, own.marks) ? theirs : undefined
}

/** Whether a replica still stores every experience of an agent that sums with these marks do not contain. */
function hasAllBeyond(replica: Replica, agentId: string, marks: ReplicaMarks): boolean {
  const { replicaId, experiences } = replica
  if (recordedIn(sumsIn(replica, agentId)) <= experiences.filter((row) => row.agentId === agentId).length) return true
  const others = new Map(replica.marks)
  others.delete(replicaId)
  const [from, to] = [marks, replica.marks].map((one) => one.get(replicaId)?.sequence ?? 0) as [number, number]
  // Every experience has a number in the store, so a missing number is a pruned experience.
  const numbered = experiences.filter(({ id }) => id > from && id <= to)
  return containsAll(marks, others) && numbered.length >= to - from
}

/** Whether its sums contain all that an agent ever recorded. Schema 4 introduced them, so they lack what was pruned before it. */
function hasCompleteSums(replica: Replica, agentId: string): boolean {
  const stored = replica.experiences.filter((row) => row.agentId === agentId).length
  const removed = replica.agents.find(({ id }) => id === agentId)?.removedCount ?? 0
  return recordedIn(sumsIn(replica, agentId)) >= stored + removed
}

function recordedIn({ sums }: AgentSums): number {
  return sums.reduce((recorded, { count }) => recorded + count, 0)
}

function sumsIn({ sums }: Replica, agentId: string): AgentSums {
  return sums.get(agentId) ?? { sums: [], offered: [] }
}

function valuesIn(agentId: string, ...replicas: readonly Replica[]): KeyedValueRow[] {
  return replicas.flatMap(({ agents }) => agents.find(({ id }) => id === agentId)?.values ?? [])
}

/** Notes that the sums of this store now contain what those of the other contain. */
function keepMarks(core: Core, own: Replica, other: Replica): void {
  const table = new SummedReplicasTable(core.connection)
  for (const [replicaId, mark] of furthest(own.marks, other.marks)) {
    if (replicaId !== own.replicaId) table.put(replicaId, mark)
  }
}

/** Whether the replica has learned nothing. */
function isBlank({ agents, experiences }: Replica): boolean {
  return experiences.length === 0 && agents.every(({ values }) => values.length === 0)
}

/** Copies everything another replica learned but the generators of agents, so that replicas do not explore alike. */
function copyAll(core: Core, other: Replica, forgetRemoved: boolean): Omit<MergeResult, 'agents'> {
  const experiences = new ReplicatedExperiencesTable(core.connection)
  for (const row of other.experiences) {
    const { id: _, identity, ...rest } = toOrdered(row, other.replicaId)
    experiences.append({ ...rest, experienceId: identity })
  }
  let carried = 0
  for (const agent of other.agents) {
    core.learners.setProgress(agent.id, agent)
    for (const { stateKey, ...value } of agent.values) core.valueCache.set(agent.id, stateKey, value)
    if (core.hasLinearModel(agent.id)) {
      const isExact = hasExactModel(core.learners.get(agent.id).algorithm) && hasCompleteSums(other, agent.id)
      if (agent.removedCount > 0 && !isExact && !forgetRemoved) throw incomplete(agent.id, agent.removedCount)
      core.linear().rebuild(agent.id)
    }
    carried += agent.values.length
  }
  for (const [agentId, sums] of other.sums) replaceSums(core, agentId, sums)
  core.models.forget()
  return { added: other.experiences.length, known: 0, derived: 0, carried, refused: 0 }
}

function agentIdsOf({ agents, experiences }: Replica): string[] {
  return [...agents.map(({ id }) => id), ...new Set(experiences.map(({ agentId }) => agentId))]
}

function experiencesByAgent({ experiences, replicaId }: Replica): Map<string, OrderedExperience[]> {
  const agents = new Map<string, OrderedExperience[]>()
  for (const row of experiences) {
    const rows = agents.get(row.agentId) ?? []
    rows.push(toOrdered(row, replicaId))
    agents.set(row.agentId, rows)
  }
  return agents
}

/** Applies the latest configuration of the replicas; at the same time, the greater as text. */
function configure(core: Core, agentId: string, ...replicas: readonly Replica[]): void {
  const known = replicas.flatMap(({ agents }) => agents.filter(({ id }) => id === agentId))
  const textOf = ({ configuredAt, configuration }: ReplicaAgent): string =>
    // NUL sorts before the milliseconds that earlier rows lack.
    `${configuredAt}\0${JSON.stringify(Object.entries(configuration).sort())}`
  const [chosen] = known.toSorted((a, b) => (textOf(a) < textOf(b) ? 1 : -1))
  core.learners.open(agentId, checkConfiguration(chosen?.configuration ?? {}), chosen?.configuredAt ?? '')
  core.learners.setRemovedCount(agentId, Math.max(...known.map(({ removedCount }) => removedCount), 0))
}

function incomplete(agentId: string, removedCount: number): StoreError {
  const expected = `Expected all experiences that the values of "${agentId}" were learned from`
  const got = `but ${removedCount} of them were removed: values can only be derived in part (forgetRemoved)`
  return new StoreError('INVALID_ARGUMENT', `${expected}, ${got}`)
}
