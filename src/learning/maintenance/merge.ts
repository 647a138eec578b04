import { StoreError } from '../../errors.ts'
import { ReplicatedExperiencesTable, type ReplicatedRow } from '../../tables/experience-replicas.ts'
import type { LearnerConfiguration } from '../../tables/learners.ts'
import { type LinearArmRow, LinearArmsTable } from '../../tables/linear-arms.ts'
import { getMeta } from '../../tables/store-meta.ts'
import type { KeyedValueRow } from '../../tables/values.ts'
import type { Core } from '../core/core.ts'
import { checkConfiguration } from '../core/learner-configuration.ts'
import { type Dated, dated, inCanonicalOrder, isBefore } from './canonical-order.ts'
import { carryValue, deriveAgain, pairKey } from './rederive-values.ts'

/** An agent as another replica has it. */
export interface ReplicaAgent {
  readonly id: string
  readonly configuration: LearnerConfiguration
  /** How many experiences it learned from, also those that are kept no more. */
  readonly experienceCount: number
  /** As decayed. */
  readonly currentExplorationRate: number
  /** When somebody last chose the configuration, UTC text; empty where nobody has. */
  readonly configuredAt: string
  /** How many of its experiences were removed. */
  readonly removedCount: number
  readonly values: readonly KeyedValueRow[]
  /** What it knows by LinUCB. */
  readonly arms: readonly LinearArmRow[]
}

/** What another replica learned. */
export interface Replica {
  readonly replicaId: string
  readonly agents: readonly ReplicaAgent[]
  readonly experiences: readonly ReplicatedRow[]
}

/** What came of merging another store. */
export interface MergeResult {
  readonly agents: number
  /** Of the other's experiences. */
  readonly added: number
  readonly known: number
  /** How many pairs of state and action have values that were derived, and how many values were taken as they were. */
  readonly derived: number
  readonly carried: number
  /** Experiences that are kept and that nothing could be learned from: a state without the features of the others, say. */
  readonly refused: number
}

/**
 * Takes in the experiences of another replica that are not here, each once, and derives the values of all agents again from all
 * experiences in one order, so that each of two replicas that merged the other has the same values, bit for bit; belongs into a
 * transaction. Of two configurations of an agent the one that was chosen last holds. Values that no experience stands behind
 * are carried over: the one with more visits. Values are never averaged. Where one of the two has learned nothing, there is nothing
 * to derive: what the other learned is taken as it is.
 * @throws INVALID_ARGUMENT where experiences of an agent were removed: values cannot be derived from what is not there.
 */
export function merge(core: Core, other: Replica, { forgetRemoved }: { readonly forgetRemoved: boolean }): MergeResult {
  core.writeHeld()
  const here = ownReplica(core)
  const ids = [...new Set([...agentIdsOf(here), ...agentIdsOf(other)])].sort()
  for (const agentId of ids) configure(core, agentId, here, other)
  if (isBlank(other)) return { agents: ids.length, added: 0, known: 0, derived: 0, carried: 0, refused: 0 }
  if (isBlank(here)) return { agents: ids.length, ...adopt(core, other) }
  if (!forgetRemoved) for (const one of [here, other]) checkWhole(one)
  const table = new ReplicatedExperiencesTable(core.connection)
  const [ours, theirs] = [datedOf(here), datedOf(other)]
  const count = { added: 0, known: 0, derived: 0, carried: 0, refused: 0 }
  for (const agentId of ids) {
    const kept = new Map((ours.get(agentId) ?? []).map((row) => [row.identity, row]))
    for (const row of inCanonicalOrder(theirs.get(agentId) ?? [])) {
      const own = kept.get(row.identity)
      if (own) count.known++
      else count.added++
      if (own && !isBefore(row, own)) continue
      if (own) table.remove(own.id)
      const { id: _, identity, ...rest } = row
      table.append({ ...rest, experienceId: identity })
      kept.set(identity, row)
    }
    const { pairs, refused } = deriveAgain(core, agentId, [...kept.values()])
    const carried = [here, other].flatMap(({ agents }) => agents.find(({ id }) => id === agentId)?.values ?? [])
    const lonely = carried.filter(({ stateKey, actionKey }) => !pairs.has(pairKey(stateKey, actionKey)))
    for (const value of lonely) carryValue(core, agentId, value)
    count.derived += pairs.size
    count.carried += new Set(lonely.map(({ stateKey, actionKey }) => pairKey(stateKey, actionKey))).size
    count.refused += refused
  }
  return { agents: ids.length, ...count }
}

/** Whether nothing was learned, by whoever it is. */
function isBlank({ agents, experiences }: Replica): boolean {
  return experiences.length === 0 && agents.every(({ values, arms }) => values.length + arms.length === 0)
}

/** Takes what another learned as it is. The agents draw by generators of their own: replicas should not explore alike. */
function adopt(core: Core, other: Replica): Omit<MergeResult, 'agents'> {
  const experiences = new ReplicatedExperiencesTable(core.connection)
  const arms = new LinearArmsTable(core.connection)
  for (const row of other.experiences) {
    const { id: _, identity, ...rest } = dated(row, other.replicaId)
    experiences.append({ ...rest, experienceId: identity })
  }
  let carried = 0
  for (const agent of other.agents) {
    core.learners.goOn(agent.id, agent)
    for (const { stateKey, ...value } of agent.values) core.valueCache.set(agent.id, stateKey, value)
    for (const arm of agent.arms) arms.put(agent.id, arm)
    carried += agent.values.length
  }
  core.models.forget()
  return { added: other.experiences.length, known: 0, derived: 0, carried, refused: 0 }
}

/** This store as others would see it. */
function ownReplica(core: Core): Replica {
  const experiences = new ReplicatedExperiencesTable(core.connection)
  const arms = new LinearArmsTable(core.connection)
  const ids = [...new Set([...core.learners.ids(), ...experiences.agentIds()])]
  const agents = core.learners.ids().map((id): ReplicaAgent => {
    const { agentId: _, random: __, ...rest } = core.learners.get(id)
    const { experienceCount, currentExplorationRate, configuredAt, ...configuration } = rest
    const values = core.values.ofAgent(id, Number.MAX_SAFE_INTEGER, 0)
    const progress = { experienceCount, currentExplorationRate, configuredAt }
    const removedCount = core.learners.removedCount(id)
    return { id, configuration, ...progress, removedCount, values, arms: arms.ofAgent(id) }
  })
  const replicaId = getMeta(core.connection, 'replica_id') ?? ''
  return { replicaId, agents, experiences: ids.flatMap((id) => experiences.ofAgent(id)) }
}

function agentIdsOf({ agents, experiences }: Replica): string[] {
  return [...agents.map(({ id }) => id), ...new Set(experiences.map(({ agentId }) => agentId))]
}

/** By agent. */
function datedOf({ experiences, replicaId }: Replica): Map<string, Dated[]> {
  const agents = new Map<string, Dated[]>()
  for (const row of experiences) {
    const rows = agents.get(row.agentId) ?? []
    rows.push(dated(row, replicaId))
    agents.set(row.agentId, rows)
  }
  return agents
}

/** The configuration that was chosen last, by whoever; at the same second the greater as text. */
function configure(core: Core, agentId: string, ...replicas: readonly Replica[]): void {
  const known = replicas.flatMap(({ agents }) => agents.filter(({ id }) => id === agentId))
  const textOf = ({ configuredAt, configuration }: ReplicaAgent): string =>
    configuredAt + JSON.stringify(Object.entries(configuration).sort())
  const [chosen] = known.toSorted((a, b) => (textOf(a) < textOf(b) ? 1 : -1))
  core.learners.open(agentId, checkConfiguration(chosen?.configuration ?? {}), chosen?.configuredAt ?? '')
  core.learners.setRemovedCount(agentId, Math.max(...known.map(({ removedCount }) => removedCount), 0))
}

function checkWhole({ agents }: Replica): void {
  const cut = agents.find(({ removedCount }) => removedCount > 0)
  if (!cut) return
  const expected = `Expected all experiences that the values of "${cut.id}" were learned from`
  const got = `but ${cut.removedCount} of them were removed: values can only be derived in part (forgetRemoved)`
  throw new StoreError('INVALID_ARGUMENT', `${expected}, ${got}`)
}
