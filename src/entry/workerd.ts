import * as workers from 'cloudflare:workers'
import wasm from '../../worker/sql-wasm.wasm'
import { edgeStore, type OpenEdgeStore } from '../runtime/edge/open.ts'

export * from './edge-exports.ts'

/**
 * Keeps work alive after the response of the request that began it: other requests may wait for it, and a store that
 * outlives requests must not be left halfway.
 */
function background(work: Promise<unknown>): void {
  try {
    workers.waitUntil(work.catch(() => {}))
  } catch {
    // Outside of requests nothing ends it.
  }
}

/** Opens a learning store in Cloudflare's workerd, which imports WebAssembly modules. */
export const openLearningStore: OpenEdgeStore = /* @__PURE__ */ edgeStore(() => wasm, background)
