import * as workers from 'cloudflare:workers'
import wasm from '../../worker/sql-wasm.wasm'
import { edgeStore, type OpenEdgeStore } from '../runtime/edge/open.ts'

export * from './edge-exports.ts'

/**
 * Others wait for what one request began: a store that is kept between requests must not be left in the middle when that
 * request has its answer.
 */
function background(work: Promise<unknown>): void {
  try {
    workers.waitUntil(work.catch(() => {}))
  } catch {
    // Outside of requests nothing ends it.
  }
}

/** Cloudflare's workerd: a module of WebAssembly is imported. */
export const openLearningStore: OpenEdgeStore = /* @__PURE__ */ edgeStore(() => wasm, background)
