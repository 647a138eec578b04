import { edgeStore, type OpenEdgeStore } from './runtime/edge.ts'
import { unknownWasm } from './runtime/unknown-wasm.ts'

export * from './edge-names.ts'

/** In a runtime that this package does not know: the caller brings SQLite as `wasm`. */
export const openLearningStore: OpenEdgeStore = /* @__PURE__ */ edgeStore(unknownWasm)
