import type { Place } from './persistence/place.ts'
import type { BrowserStoreOptions } from './runtime/browser-options.ts'
import { type EdgeStoreOptions, edgeStore, type OpenEdgeStore } from './runtime/edge.ts'
import type { NodeStoreOptions } from './runtime/node.ts'
import { unknownWasm } from './runtime/unknown-wasm.ts'

export * from './edge-names.ts'
export { type IndexedDbPlace, type IndexedDbPlaceOptions, indexedDbPlace } from './persistence/indexeddb.ts'
export { deleteLearningStore } from './runtime/browser.ts'
export type { Blocked, BrowserStoreOptions, WorkerKind } from './runtime/browser-options.ts'
export { filePlace } from './runtime/no-files.ts'
export type { NodeStoreOptions } from './runtime/node.ts'

/**
 * Opens a store, made where there is none. Compilers that do not know for which runtime they compile find it here, with the
 * options of all runtimes; a runtime that is none of those takes those of the edge, among them `wasm`.
 */
export const openLearningStore: <P extends string | Place>(
  options?: NodeStoreOptions<P> | BrowserStoreOptions<P> | EdgeStoreOptions<P>,
) => ReturnType<OpenEdgeStore> = /* @__PURE__ */ edgeStore(unknownWasm)
