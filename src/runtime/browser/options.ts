import type { StorageAdapter } from '../../persistence/storage.ts'
import type { LearningStoreOptions, StorageName } from '../options.ts'

/** `shared`: one worker for all tabs of the origin; `dedicated`: one for this page. */
export type WorkerKind = 'shared' | 'dedicated'

/**
 * The options of `openLearningStore` in a page. Storages by name: `indexeddb:NAME`, `memory:` (this page only). Without a storage:
 * `indexeddb:agentic-qe` if it exists, or `indexeddb:learning-store`.
 */
export interface BrowserStoreOptions<P extends StorageName | StorageAdapter = StorageName | StorageAdapter>
  extends LearningStoreOptions<P> {
  /**
   * Where the store runs. A shared worker serves all tabs of the origin; a dedicated worker serves this page and
   * excludes the others from the storage; `false` runs the store in this thread. Default: the first kind of worker that
   * the browser has, or this thread for `memory:` and adapters.
   */
  readonly worker?: WorkerKind | false
  /**
   * The URL of the worker's script, for bundlers and servers that do not find it; a `TrustedScriptURL` where the page
   * requires one. Default: beside the package.
   */
  readonly workerUrl?: string | URL | TrustedScriptUrl
  /**
   * The URL of sql.js's WebAssembly module, for bundlers and servers that do not find it. Default: beside the package.
   */
  readonly wasmUrl?: string | URL
  /**
   * Ask the browser not to evict the store when space is short. `status().persisted` shows the result.
   * @default false
   */
  readonly persist?: boolean
  /**
   * Ask as `persist` does, and reject with NOT_PERSISTENT if the browser refuses.
   * @default false
   */
  readonly requirePersistent?: boolean
  /**
   * Called if another writer holds the storage, such as a worker of an older deployment, while the opening waits for
   * it. `takeOver` asks it to persist everything and release the storage; pages that use it then get LEASE_LOST and
   * should be reloaded.
   */
  readonly onBlocked?: (blocked: Blocked) => void
}

/** The part of a `TrustedScriptURL` of Trusted Types that is used: not every compiler knows the type. */
export type TrustedScriptUrl = object & Pick<URL, 'toString'>

/** What a page can do about a writer that holds its storage. */
export interface Blocked {
  /** Asks the holder to persist everything and release the storage. */
  takeOver(): void
}

/** The names of the options that only a browser has. */
export const BROWSER_OPTIONS = ['worker', 'workerUrl', 'wasmUrl', 'persist', 'requirePersistent', 'onBlocked'] as const
