import { edgeStore, type OpenEdgeStore } from '../runtime/edge/open.ts'
import { unknownWasm } from '../runtime/edge/unknown-wasm.ts'

export * from './edge-exports.ts'

/** In a runtime that this package does not know: the caller brings SQLite as `wasm`. */
export const openLearningStore: OpenEdgeStore = /* @__PURE__ */ edgeStore(unknownWasm)
