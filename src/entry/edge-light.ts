import wasm from '../../worker/sql-wasm.wasm?module'
import { edgeStore, type OpenEdgeStore } from '../runtime/edge/open.ts'

export * from './edge-exports.ts'

/** Opens a learning store in Vercel's edge runtime, which imports WebAssembly modules by this suffix. */
export const openLearningStore: OpenEdgeStore = /* @__PURE__ */ edgeStore(() => wasm)
