import { StoreError } from '../../errors.ts'
import { ReplicatedExperiencesTable, type ReplicatedRow } from '../../tables/experience-replicas.ts'
import type { LearnerConfiguration } from '../../tables/learners.ts'
import { type LinearArmRow, LinearArmsTable } from '../../tables/linear-arms.ts'
import { getMeta } from '../../tables/store-meta.ts'
import type { KeyedValueRow } from '../../tables/values.ts'
import type { Core } from '../core/core.ts'
import { checkConfiguration } from '../core/learner-configuration.ts'
import type { Progress } from '../core/learners.ts'
import { inCanonicalOrder, isBefore, type OrderedExperience, toOrdered } from './canonical-order.ts'
import { carryValue, pairKey, rederiveValues } from './rederive-values.ts'

/** The state of an agent in a replica. */
export interface ReplicaAgent extends Progress {
  readonly id: string
  readonly configuration: LearnerConfiguration
  /** When the configuration was last chosen, UTC text; empty if it never was. */
  readonly configuredAt: string
  /** Number of its experiences that were removed. */
  readonly removedCount: number
  readonly values: readonly KeyedValueRow[]
  /** The linear models of its actions. */
  readonly arms: readonly LinearArmRow[]
}

/** The learned content of a replica. */
export interface Replica {
  readonly replicaId: string
  readonly agents: readonly ReplicaAgent[]
  readonly experiences: readonly ReplicatedRow[]
}

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
 * other's values are copied.
 * @throws INVALID_ARGUMENT if experiences of an agent were removed, because values cannot be derived completely.
 */
export function merge(core: Core, other: Replica, { forgetRemoved }: { readonly forgetRemoved: boolean }): MergeResult {
  core.writePending()
  const own = ownReplica(core)
  const ids = [...new Set([...agentIdsOf(own), ...agentIdsOf(other)])].sort()
  for (const agentId of ids) configure(core, agentId, own, other)
  if (isBlank(other)) return { agents: ids.length, added: 0, known: 0, derived: 0, carried: 0, refused: 0 }
  if (isBlank(own)) return { agents: ids.length, ...copyAll(core, other) }
  if (!forgetRemoved) for (const replica of [own, other]) checkComplete(replica)
  const table = new ReplicatedExperiencesTable(core.connection)
  const [ours, theirs] = [byAgent(own), byAgent(other)]
  const count = { added: 0, known: 0, derived: 0, carried: 0, refused: 0 }
  for (const agentId of ids) {
    const merged = new Map((ours.get(agentId) ?? []).map((row) => [row.identity, row]))
    for (const row of inCanonicalOrder(theirs.get(agentId) ?? [])) {
      const known = merged.get(row.identity)
      if (known) count.known++
      else count.added++
      if (known && !isBefore(row, known)) continue
      if (known) table.remove(known.id)
      const { id: _, identity, ...rest } = row
      table.append({ ...rest, experienceId: identity })
      merged.set(identity, row)
    }
    const { pairs, refused } = rederiveValues(core, agentId, [...merged.values()])
    const values = [own, other].flatMap(({ agents }) => agents.find(({ id }) => id === agentId)?.values ?? [])
    const carried = values.filter(({ stateKey, actionKey }) => !pairs.has(pairKey(stateKey, actionKey)))
    for (const value of carried) carryValue(core, agentId, value)
    count.derived += pairs.size
    count.carried += new Set(carried.map(({ stateKey, actionKey }) => pairKey(stateKey, actionKey))).size
    count.refused += refused
  }
  return { agents: ids.length, ...count }
}

/** Whether the replica has learned nothing. */
function isBlank({ agents, experiences }: Replica): boolean {
  return experiences.length === 0 && agents.every(({ values, arms }) => values.length + arms.length === 0)
}

/** Copies everything another replica learned but the generators of agents, so that replicas do not explore alike. */
function copyAll(core: Core, other: Replica): Omit<MergeResult, 'agents'> {
  const experiences = new ReplicatedExperiencesTable(core.connection)
  const arms = new LinearArmsTable(core.connection)
  for (const row of other.experiences) {
    const { id: _, identity, ...rest } = toOrdered(row, other.replicaId)
    experiences.append({ ...rest, experienceId: identity })
  }
  let carried = 0
  for (const agent of other.agents) {
    core.learners.setProgress(agent.id, agent)
    for (const { stateKey, ...value } of agent.values) core.valueCache.set(agent.id, stateKey, value)
    for (const arm of agent.arms) arms.put(agent.id, arm)
    carried += agent.values.length
  }
  core.models.forget()
  return { added: other.experiences.length, known: 0, derived: 0, carried, refused: 0 }
}

/** This store as a replica. */
function ownReplica(core: Core): Replica {
  const experiences = new ReplicatedExperiencesTable(core.connection)
  const arms = new LinearArmsTable(core.connection)
  const ids = [...new Set([...core.learners.ids(), ...experiences.agentIds()])]
  const agents = core.learners.ids().map((id): ReplicaAgent => {
    const { agentId: _, random: __, ...rest } = core.learners.get(id)
    const {
      configuredAt,
      experienceCount,
      currentExplorationRate,
      deviationCount,
      deviationSquares,
      ...configuration
    } = rest
    const values = core.values.ofAgent(id, Number.MAX_SAFE_INTEGER, 0)
    const progress = { configuredAt, experienceCount, currentExplorationRate, deviationCount, deviationSquares }
    const removedCount = core.learners.removedCount(id)
    return { id, configuration, ...progress, removedCount, values, arms: arms.ofAgent(id) }
  })
  const replicaId = getMeta(core.connection, 'replica_id') ?? ''
  return { replicaId, agents, experiences: ids.flatMap((id) => experiences.ofAgent(id)) }
}

function agentIdsOf({ agents, experiences }: Replica): string[] {
  return [...agents.map(({ id }) => id), ...new Set(experiences.map(({ agentId }) => agentId))]
}

function byAgent({ experiences, replicaId }: Replica): Map<string, OrderedExperience[]> {
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

function checkComplete({ agents }: Replica): void {
  const cut = agents.find(({ removedCount }) => removedCount > 0)
  if (!cut) return
  const expected = `Expected all experiences that the values of "${cut.id}" were learned from`
  const got = `but ${cut.removedCount} of them were removed: values can only be derived in part (forgetRemoved)`
  throw new StoreError('INVALID_ARGUMENT', `${expected}, ${got}`)
}
