import type { Collection } from '../collections.ts'
import type { Commit } from '../sql/connection.ts'
import { collectionsOf } from '../tables/collections.ts'
import { removesValues, stateOf } from '../tables/values.ts'

/** What a commit changed, for those who watch a store. */
export interface StoreCommit {
  /** The number of the commit. */
  readonly sequence: number
  /** What it touched; nothing where the store only kept its own books. */
  readonly collections: readonly Collection[]
}

/** A commit with the states whose values it changed, by agent; without them where it removed values. */
export interface DetailedCommit extends StoreCommit {
  readonly states?: ReadonlyMap<string, ReadonlySet<string>>
}

/** What this commit touched: as much work as there are statements. */
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

/** Must not throw, nor reject. */
export type Watcher = (commits: readonly DetailedCommit[]) => void | Promise<void>

/** Those who are told of commits. While there are none, a commit costs nothing. */
export class Watchers {
  readonly #watchers = new Set<Watcher>()
  #gathered: Commit[] = []

  /** Answers what ends it. */
  add(watcher: Watcher): () => void {
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
  }

  /** The commits of a tick are told together, when the operations that made them have ended. */
  committed(commit: Commit): void {
    if (this.#watchers.size === 0 || this.#gathered.push(commit) > 1) return
    queueMicrotask(() => {
      const commits = this.#gathered.splice(0).map(detailedCommit)
      for (const watcher of this.#watchers) void watcher(commits)
    })
  }
}
