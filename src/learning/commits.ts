import type { Collection } from '../collections.ts'
import type { Commit } from '../sql/connection.ts'
import { collectionsOf } from '../tables/collections.ts'
import { removesValues, stateOf } from '../tables/values.ts'

/** One commit of a store, as `subscribe` reports it. */
export interface StoreCommit {
  /** The number of the commit; each commit is one higher than the one before. */
  readonly sequence: number
  /** The collections with changed rows; empty if only the store's own bookkeeping changed. */
  readonly collections: readonly Collection[]
}

/** A commit with the state keys whose values it changed, by agent id; undefined if the commit removed values. */
export interface DetailedCommit extends StoreCommit {
  readonly states?: ReadonlyMap<string, ReadonlySet<string>>
}

/** What a commit changed. Linear in the number of its statements. */
export function detailedCommit({ sequence, statements }: Commit): DetailedCommit {
  if (statements.some(removesValues)) return { sequence, collections: collectionsOf(statements) }
  const states = new Map<string, Set<string>>()
  for (const statement of statements) {
    const touched = stateOf(statement)
    if (!touched) continue
    const ofAgent = states.get(touched.agentId) ?? new Set()
    states.set(touched.agentId, ofAgent.add(touched.stateKey))
  }
  return { sequence, collections: collectionsOf(statements), states }
}

/** Must neither throw nor reject. */
export type CommitListener = (commits: readonly DetailedCommit[]) => void | Promise<void>

/** The listeners of a store's commits. Without listeners, a commit costs nothing. */
export class CommitListeners {
  readonly #listeners = new Set<CommitListener>()
  #pending: Commit[] = []

  /** Adds a listener. @returns a function that removes it. */
  add(listener: CommitListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Reports a commit. All commits of one tick are delivered together, after the operations that made them. */
  notify(commit: Commit): void {
    if (this.#listeners.size === 0 || this.#pending.push(commit) > 1) return
    queueMicrotask(() => {
      this.deliver(this.#pending.splice(0).map(detailedCommit))
    })
  }

  /** Delivers commits at once. */
  deliver(commits: readonly DetailedCommit[]): void {
    for (const listener of this.#listeners) void listener(commits)
  }
}
