import { sha256 } from '../../algorithms/sha256.ts'
import type { ReplicatedRow } from '../../tables/experience-replicas.ts'

/** An experience with who made it, when, and as which of his. */
export interface Dated extends Omit<ReplicatedRow, 'replicaId' | 'replicaSequence'> {
  readonly replicaId: string
  readonly replicaSequence: number
  /** The same for the same experience, wherever it is kept. */
  readonly identity: string
}

/** @param here the replica that the rows are read from. */
export function dated(row: ReplicatedRow, here: string): Dated {
  const replicaId = row.replicaId ?? here
  const replicaSequence = row.replicaSequence ?? row.id
  return {
    ...row,
    replicaId,
    replicaSequence,
    identity: row.experienceId ?? `${replicaId}/${replicaSequence}/${sha256(contentOf(row))}`,
  }
}

/**
 * The one order in which every replica derives values from the same experiences: by time, but never against the order of the replica
 * that made them, whatever its clock did; at the same second by replica.
 */
export function inCanonicalOrder(experiences: readonly Dated[]): Dated[] {
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
  // Sorting is stable: what is of one time stays by replica and sequence.
  return timed.sort((a, b) => compared(a.time, b.time)).map(({ experience }) => experience)
}

/** Which of two copies of one experience every replica keeps. */
export function isBefore(one: Dated, other: Dated): boolean {
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
  ])
}
