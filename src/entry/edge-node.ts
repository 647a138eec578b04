import { edgeStore, type OpenEdgeStore } from '../runtime/edge/open.ts'
import { wasmFile } from '../runtime/node/wasm.ts'

export * from './edge-exports.ts'

/** Node, Deno and Bun: the module lies beside the package. */
export const openLearningStore: OpenEdgeStore = /* @__PURE__ */ edgeStore(wasmFile)
