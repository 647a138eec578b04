import { wasmModule } from '../runtime/browser/wasm.ts'
import { edgeStore, type OpenEdgeStore } from '../runtime/edge/open.ts'

export * from './edge-exports.ts'

/** A browser, in its page's own thread: the module is fetched from beside the package. */
export const openLearningStore: OpenEdgeStore = /* @__PURE__ */ edgeStore(() => wasmModule())
