import wasm from '../../worker/sql-wasm.wasm?module'
import { edgeStore, type OpenEdgeStore } from '../runtime/edge/open.ts'

export * from './edge-exports.ts'

/** Vercel's edge runtime: a module of WebAssembly is imported by this name. */
export const openLearningStore: OpenEdgeStore = /* @__PURE__ */ edgeStore(() => wasm)
