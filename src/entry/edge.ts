import { edgeStore, type OpenEdgeStore } from '../runtime/edge/open.ts'
import { unknownWasm } from '../runtime/edge/unknown-wasm.ts'

export * from './edge-exports.ts'

/** Opens a learning store in an unknown runtime: pass SQLite as `wasm`. */
export const openLearningStore: OpenEdgeStore = /* @__PURE__ */ edgeStore(unknownWasm)
