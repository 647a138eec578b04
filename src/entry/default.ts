import type { StorageAdapter } from '../persistence/storage.ts'
import type { BrowserStoreOptions } from '../runtime/browser/options.ts'
import { type EdgeStoreOptions, edgeStore, type OpenEdgeStore } from '../runtime/edge/open.ts'
import { unknownWasm } from '../runtime/edge/unknown-wasm.ts'
import type { NodeStoreOptions } from '../runtime/node/open.ts'
import type { StorageName } from '../runtime/options.ts'

export {
  type IndexedDbStorageAdapter,
  type IndexedDbStorageOptions,
  indexedDbStorage,
} from '../persistence/indexeddb/index.ts'
export { deleteLearningStore } from '../runtime/browser/open.ts'
export type { Blocked, BrowserStoreOptions, TrustedScriptUrl, WorkerKind } from '../runtime/browser/options.ts'
export { fileStorage } from '../runtime/edge/no-files.ts'
export type { NodeStoreOptions } from '../runtime/node/open.ts'
export type { WasmSource } from '../runtime/node/wasm.ts'
export type { WasmModule } from '../sql/sql-js.ts'
export * from './edge-exports.ts'

/**
 * Opens a learning store, and creates it if there is none. Compilers that do not know the runtime find it here, with
 * the options of all runtimes; an unknown runtime takes those of the edge, including `wasm`.
 */
export const openLearningStore: <P extends StorageName | StorageAdapter>(
  options?: NodeStoreOptions<P> | BrowserStoreOptions<P> | EdgeStoreOptions<P>,
) => ReturnType<OpenEdgeStore> = /* @__PURE__ */ edgeStore(unknownWasm)
