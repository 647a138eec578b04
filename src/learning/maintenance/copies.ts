import { sha256 } from '../../algorithms/sha256.ts'
import { ReplicatedExperiencesTable } from '../../tables/experience-replicas.ts'
import { setMeta } from '../../tables/store-meta.ts'
import { SummedReplicasTable } from '../../tables/summed-replicas.ts'
import type { Core } from '../core/core.ts'
import { type OrderedExperience, toOrdered } from './canonical-order.ts'
import type { ReplicaMarks } from './merge-sums.ts'
import type { Replica } from './replica.ts'

/** A replica that went on in two copies of its store. */
interface Fork {
  readonly replicaId: string
  /** The first sequence at which the copies differ. */
  readonly from: number
  /** The new ids of the copies from there; undefined for a copy that keeps its id. */
  readonly own: string | undefined
  readonly other: string | undefined
}

/**
 * Tells copies of a store apart that were written independently: a copied folder, or a restored backup, numbers its experiences like
 * its original. The sequences and ids of their experiences show it, and each continues under a replica id of its own, made from its first
 * experience after the fork, so that every store finds the same. Call it inside a transaction.
 * @returns the other store, with its experiences under these ids, and whether experiences of this store were renamed.
 */
export function separateCopies(
  core: Core,
  own: Replica,
  other: Replica,
): { readonly other: Replica; readonly hasRenamed: boolean } {
  const [ours, theirs] = [own, other].map(({ experiences, replicaId }) =>
    experiences.map((row) => toOrdered(row, replicaId)),
  ) as [OrderedExperience[], OrderedExperience[]]
  const forks = forksOf(own.replicaId, ours, theirs, core.newId)
  for (const fork of forks) if (fork.own !== undefined) rename(core, own.replicaId, fork.replicaId, fork.from, fork.own)
  const isBehind = own.replicaId === other.replicaId && lastOf(own) < lastOf(other)
  const isNewerCopy = isBehind && !forks.some(({ replicaId }) => replicaId === own.replicaId)
  // The next experience of this store is to be none that the newer copy already has.
  if (isNewerCopy) rename(core, own.replicaId, own.replicaId, lastOf(own) + 1, core.newId())
  const hasRenamed = isNewerCopy || forks.some((fork) => fork.own !== undefined)
  if (forks.length === 0) return { other, hasRenamed }
  const forkOf = new Map(forks.map((fork) => [fork.replicaId, fork]))
  const idOf = (replicaId: string, sequence: number): string => {
    const fork = forkOf.get(replicaId)
    return fork && sequence >= fork.from ? (fork.other ?? replicaId) : replicaId
  }
  const renamed = {
    ...other,
    replicaId: forkOf.get(other.replicaId)?.other ?? other.replicaId,
    experiences: other.experiences.map((row, i) => {
      const { replicaId = other.replicaId, replicaSequence = row.id } = theirs[i] ?? {}
      return { ...row, replicaId: idOf(replicaId, replicaSequence), replicaSequence }
    }),
    marks: marksAfter(other.marks, forks),
  }
  return { other: renamed, hasRenamed }
}

function forksOf(
  ownId: string,
  ours: readonly OrderedExperience[],
  theirs: readonly OrderedExperience[],
  newId: () => string,
): Fork[] {
  const [ownRows, otherRows] = [byReplica(ours), byReplica(theirs)]
  const [ownIds, otherIds] = [ours, theirs].map(
    (rows) => new Map(rows.map(({ identity, replicaId }) => [identity, replicaId])),
  ) as [Map<string, string>, Map<string, string>]
  return [...new Set([...ownRows.keys(), ...otherRows.keys()])].flatMap((replicaId): Fork[] => {
    const [own = [], other = []] = [ownRows.get(replicaId), otherRows.get(replicaId)]
    const known = new Map(own.map((row) => [row.replicaSequence, row.identity]))
    // A row of this store that was merged took a sequence of its own: only a copy can have another experience there.
    if (replicaId === ownId) for (const row of ours) known.set(row.id, row.identity)
    const from =
      1 + other.reduce((last, row) => (known.get(row.replicaSequence) === row.identity ? row.replicaSequence : last), 0)
    const [ownTail, otherTail] = [own, other].map((rows) => rows.filter((row) => row.replicaSequence >= from)) as [
      OrderedExperience[],
      OrderedExperience[],
    ]
    const [ownBranch, otherBranch] = [branchOf(replicaId, ownTail), branchOf(replicaId, otherTail)]
    const differ = otherTail.some(({ replicaSequence }) => known.has(replicaSequence))
    // One of the two may have met the fork already.
    const isOwnNamed = ownTail.some(({ identity }) => otherIds.get(identity) === ownBranch)
    const isOtherNamed = otherTail.some(({ identity }) => ownIds.get(identity) === otherBranch)
    if (!differ && !isOwnNamed && !isOtherNamed) return []
    return [
      {
        replicaId,
        from,
        // Without experiences of its own since the fork, no other store knows this copy.
        own: differ || isOwnNamed ? (ownBranch ?? newId()) : undefined,
        other: differ || isOtherNamed ? otherBranch : undefined,
      },
    ]
  })
}

/** By sequence, for each replica. */
function byReplica(experiences: readonly OrderedExperience[]): Map<string, OrderedExperience[]> {
  const replicas = new Map<string, OrderedExperience[]>()
  for (const row of experiences.toSorted((a, b) => a.replicaSequence - b.replicaSequence)) {
    const rows = replicas.get(row.replicaId) ?? []
    rows.push(row)
    replicas.set(row.replicaId, rows)
  }
  return replicas
}

/** The id of a copy, a UUID of its original and of the first experience that it alone has; undefined if it has none. */
function branchOf(replicaId: string, [first]: readonly OrderedExperience[]): string | undefined {
  if (!first) return undefined
  const hash = sha256(`${replicaId}/${first.identity}`)
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-')
}

/** Gives the experiences of a replica another id, from a sequence on; also this store, if they are its own. */
function rename(core: Core, storeReplica: string, replicaId: string, from: number, branch: string): void {
  const marks = new SummedReplicasTable(core.connection)
  const experiences = new ReplicatedExperiencesTable(core.connection)
  if (replicaId === storeReplica) {
    experiences.attribute(replicaId, from)
    setMeta(core.connection, 'replica_id', branch)
  } else {
    const mark = marks.all().get(replicaId)
    experiences.rename(replicaId, from, branch)
    if (mark) marks.put(branch, mark)
  }
  if (from > 1) marks.put(replicaId, { sequence: from - 1, experienceId: null })
  else marks.remove(replicaId)
}

function marksAfter(marks: ReplicaMarks, forks: readonly Fork[]): ReplicaMarks {
  const after = new Map(marks)
  for (const { replicaId, from, other } of forks) {
    const mark = marks.get(replicaId)
    if (!mark || other === undefined || mark.sequence < from) continue
    after.set(replicaId, { sequence: from - 1, experienceId: null })
    after.set(other, mark)
  }
  return after
}

function lastOf({ marks, replicaId }: Replica): number {
  return marks.get(replicaId)?.sequence ?? 0
}
