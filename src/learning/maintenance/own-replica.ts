import { ReplicatedExperiencesTable } from '../../tables/experience-replicas.ts'
import { getMeta } from '../../tables/store-meta.ts'
import { SummedReplicasTable } from '../../tables/summed-replicas.ts'
import type { Core } from '../core/core.ts'
import { storedDecisions } from './merge-decisions.ts'
import type { Replica, ReplicaAgent } from './replica.ts'

/** This store as a replica. */
export function ownReplica(core: Core): Replica {
  const experiences = new ReplicatedExperiencesTable(core.connection)
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
    return { id, configuration, ...progress, removedCount, values }
  })
  const replicaId = getMeta(core.connection, 'replica_id') ?? ''
  const summed = new SummedReplicasTable(core.connection)
  const { table } = core.sums
  return {
    replicaId,
    agents,
    experiences: ids.flatMap((id) => experiences.ofAgent(id)),
    decisions: storedDecisions(core),
    sums: new Map(ids.map((id) => [id, { sums: table.ofAgent(id), offered: table.offered(id) }])),
    marks: summed.all().set(replicaId, summed.own()),
  }
}
