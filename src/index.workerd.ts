import wasm from '../worker/sql-wasm.wasm'
import { edgeStore, type OpenEdgeStore } from './runtime/edge.ts'

export * from './edge-names.ts'

/** Cloudflare's workerd: a module of WebAssembly is imported. */
export const openLearningStore: OpenEdgeStore = /* @__PURE__ */ edgeStore(() => wasm)
