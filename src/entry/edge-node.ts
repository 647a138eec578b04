import { edgeStore, type OpenEdgeStore } from '../runtime/edge/open.ts'
import { nodeWasm } from '../runtime/node/wasm.ts'

export * from './edge-exports.ts'

/** Opens a learning store with the edge's options in Node, Deno or Bun. SQLite is read from beside the package. */
export const openLearningStore: OpenEdgeStore = /* @__PURE__ */ edgeStore(() => nodeWasm())
