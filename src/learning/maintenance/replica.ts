import type { ReplicatedRow } from '../../tables/experience-replicas.ts'
import type { LearnerConfiguration } from '../../tables/learner-configuration.ts'
import type { DecisionRecord } from '../../tables/learning-decisions.ts'
import type { KeyedValueRow } from '../../tables/values.ts'
import type { Progress } from '../core/learners.ts'
import type { AgentSums, ReplicaMarks } from './merge-sums.ts'

/** The state of an agent in a replica. */
export interface ReplicaAgent extends Progress {
  readonly id: string
  readonly configuration: LearnerConfiguration
  /** When the configuration was last chosen, UTC text; empty if it never was. */
  readonly configuredAt: string
  /** Number of its experiences that were removed. */
  readonly removedCount: number
  readonly values: readonly KeyedValueRow[]
}

/** The learned content of a replica. */
export interface Replica {
  readonly replicaId: string
  readonly agents: readonly ReplicaAgent[]
  readonly experiences: readonly ReplicatedRow[]
  readonly decisions: readonly DecisionRecord[]
  /** By agent. */
  readonly sums: ReadonlyMap<string, AgentSums>
  /** What the sums contain. */
  readonly marks: ReplicaMarks
}
