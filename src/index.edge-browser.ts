import { edgeStore, type OpenEdgeStore } from './runtime/edge.ts'
import { wasmModule } from './runtime/wasm.ts'

export * from './edge-names.ts'

/** A browser, in its page's own thread: the module is fetched from beside the package. */
export const openLearningStore: OpenEdgeStore = /* @__PURE__ */ edgeStore(() => wasmModule())
