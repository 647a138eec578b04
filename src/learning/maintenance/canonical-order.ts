import { sha256 } from '../../algorithms/sha256.ts'
import type { ReplicatedRow } from '../../tables/experience-replicas.ts'

/** An experience with the replica that made it and its sequence there. */
export interface OrderedExperience extends Omit<ReplicatedRow, 'replicaId' | 'replicaSequence'> {
  readonly replicaId: string
  readonly replicaSequence: number
  /** The same for the same experience in all replicas. */
  readonly identity: string
}

/** @param ownReplicaId the replica that the row is read from. */
export function toOrdered(row: ReplicatedRow, ownReplicaId: string): OrderedExperience {
  const replicaId = row.replicaId ?? ownReplicaId
  const replicaSequence = row.replicaSequence ?? row.id
  return {
    ...row,
    replicaId,
    replicaSequence,
    identity: row.experienceId ?? `${replicaId}/${replicaSequence}/${sha256(contentOf(row))}`,
  }
}

/**
 * The order in which every replica derives values: by time, but never against the sequence of the replica that made
 * them, even if its clock went back; at the same time by replica.
 */
export function inCanonicalOrder(experiences: readonly OrderedExperience[]): OrderedExperience[] {
  const bySequence = experiences.toSorted(
    (a, b) =>
      compared(a.replicaId, b.replicaId) || a.replicaSequence - b.replicaSequence || compared(a.identity, b.identity),
  )
  const latest = new Map<string, string>()
  const timed = bySequence.map((experience) => {
    const { replicaId, timestamp } = experience
    const before = latest.get(replicaId) ?? ''
    const time = compared(timestamp, before) > 0 ? timestamp : before
    latest.set(replicaId, time)
    return { experience, time }
  })
  // Sorting is stable, so equal times stay sorted by replica and sequence.
  return timed.sort((a, b) => compared(a.time, b.time)).map(({ experience }) => experience)
}

/** Whether every replica keeps `one` of two copies of an experience. */
export function isBefore(one: OrderedExperience, other: OrderedExperience): boolean {
  return (
    (compared(one.replicaId, other.replicaId) ||
      one.replicaSequence - other.replicaSequence ||
      compared(contentOf(one), contentOf(other))) < 0
  )
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function contentOf(row: Omit<ReplicatedRow, 'id' | 'replicaId' | 'replicaSequence'>): string {
  const { taskId, taskType, state, action, reward, nextState, episodeId, timestamp, terminated, truncated } = row
  return JSON.stringify([
    taskId,
    taskType,
    state,
    action,
    reward,
    nextState,
    episodeId,
    timestamp,
    terminated,
    truncated,
    row.behaviorProbability,
    row.actions,
    // Experiences of earlier versions keep their identity.
    ...(row.nextActions === null ? [] : [row.nextActions]),
    ...(row.metadata === null ? [] : [{ metadata: row.metadata }]),
  ])
}
