import { v7 } from 'uuid'
import type { CoreOptions } from '../learning/core/core.ts'

const BYTES = 16
/** Random bytes for 256 ids: one system call per id would cost more than the rest of it. */
const pool = new Uint8Array(BYTES * 256)
let used = pool.length

/** A UUID v7 (RFC 9562): random, ordered by time. */
export function newUuid(): string {
  if (used === pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  used += BYTES
  return v7({ random: pool.subarray(used - BYTES, used) })
}

/** 32 random bits. */
export function newSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
}

type CoreOverrides = { readonly [K in keyof CoreOptions]?: CoreOptions[K] | undefined }

/** The clock, ids and seed of a store, where the caller does not set them. */
export function coreDefaults({ now, newId, seed }: CoreOverrides = {}): CoreOptions {
  const elapsed = (): number => performance.now()
  return { now: now ?? Date.now, newId: newId ?? newUuid, seed: seed ?? newSeed(), elapsed }
}
