import { v7 } from 'uuid'
import type { CoreOptions } from '../learning/core/core.ts'

const BYTES = 16
/** Random bytes for 256 ids at a time: asking the system for each costs more than everything else about an id. */
const pool = new Uint8Array(BYTES * 256)
let used = pool.length

/** A UUID v7 (RFC 9562): random, and in the order of time. */
export function newUuid(): string {
  if (used === pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  used += BYTES
  return v7({ random: pool.subarray(used - BYTES, used) })
}

/** 32 bits by chance. */
export function newSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
}

type Told = { readonly [K in keyof CoreOptions]?: CoreOptions[K] | undefined }

/** What a store is told where the caller does not say: the time, ids, and a seed by chance. */
export function coreDefaults({ now, newId, seed }: Told = {}): CoreOptions {
  const elapsed = (): number => performance.now()
  return { now: now ?? Date.now, newId: newId ?? newUuid, seed: seed ?? newSeed(), elapsed }
}
