/** Number of hash buckets of a part. */
const BUCKETS = 1 << 17
const PARTS = 3
/** Number of hash buckets of all parts. */
export const VOCABULARY: number = PARTS * BUCKETS

/** A bag of features as numbers below `VOCABULARY`, ascending. */
export interface HashedFeatures {
  readonly features: Uint32Array
  /** Sublinear term frequencies: 1 + ln n for a feature that occurs n times. */
  readonly frequencies: Float32Array
}

/**
 * Hashes features to numbers, so that no vocabulary has to be stored: equal features have equal numbers in every pattern, store
 * and process. Weinberger et al. (2009), "Feature Hashing for Large Scale Multitask Learning", without their signs, so that
 * similarities stay in [0, 1]; colliding features of a part count as one. The hash is FNV-1a over UTF-16 units.
 * @param part 0, 1 or 2; features of different parts never collide.
 */
export function hashFeatures(part: number, features: readonly string[]): HashedFeatures {
  const hashes = Uint32Array.from(features, (feature) => part * BUCKETS + hashOf(feature)).sort()
  const unique: number[] = []
  const counts: number[] = []
  for (const hash of hashes) {
    if (unique.at(-1) === hash) counts.push((counts.pop() ?? 0) + 1)
    else {
      unique.push(hash)
      counts.push(1)
    }
  }
  return { features: Uint32Array.from(unique), frequencies: Float32Array.from(counts, (count) => 1 + Math.log(count)) }
}

function hashOf(feature: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < feature.length; i++) hash = Math.imul(hash ^ feature.charCodeAt(i), 0x01000193)
  // XOR-folded, as the authors of FNV advise for fewer than 32 bits.
  return ((hash >>> 17) ^ hash) & (BUCKETS - 1)
}
