import type { StorageAdapter } from '../../persistence/storage.ts'
import type { LearningStoreOptions } from '../options.ts'

/** A worker that all tabs of an origin share, or one that a page has for itself. */
export type WorkerKind = 'shared' | 'dedicated'

/** Storages by name: `indexeddb:NAME` (`indexeddb:agentic-qe` where none is given), `memory:` (not beyond the page). */
export interface BrowserStoreOptions<P extends string | StorageAdapter = string | StorageAdapter>
  extends LearningStoreOptions<P> {
  /**
   * Where the store runs. A SharedWorker serves all tabs of the origin; a dedicated worker serves this page and keeps all
   * others from the storage. Where it is left open: the first of them that the browser has. `false`: in this thread.
   */
  readonly worker?: WorkerKind | false
  /** Where the worker's script and sql.js's WebAssembly module are, for servers and bundlers that do not find them. */
  readonly workerUrl?: string | URL
  readonly wasmUrl?: string | URL
  /** Ask the browser not to remove the store when space is short. `status().persisted` tells its answer. */
  readonly persist?: boolean
  /** Ask, and open only if it is granted: else NOT_PERSISTENT. */
  readonly requirePersistent?: boolean
  /**
   * Called when another writer holds the storage (a worker of an older deployment, say), while it is waited for. `takeOver`
   * asks it to keep everything and give the storage back; pages that use it then get LEASE_LOST and should be reloaded.
   */
  readonly onBlocked?: (blocked: Blocked) => void
}

/** What a page can do about a writer that holds its storage. */
export interface Blocked {
  /** Asks the holder to keep everything and give the storage back. */
  takeOver(): void
}

/** The names of what a browser takes besides the options of every runtime. */
export const BROWSER_OPTIONS = ['worker', 'workerUrl', 'wasmUrl', 'persist', 'requirePersistent', 'onBlocked'] as const
