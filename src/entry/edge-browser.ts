import { wasmModule } from '../runtime/browser/wasm.ts'
import { edgeStore, type OpenEdgeStore } from '../runtime/edge/open.ts'

export * from './edge-exports.ts'

/** Opens a learning store in the page's own thread. SQLite is fetched from beside the package. */
export const openLearningStore: OpenEdgeStore = /* @__PURE__ */ edgeStore(() => wasmModule())
