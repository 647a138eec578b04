/** How many numbers the features of one part may have. */
const ROOM = 1 << 17
const PARTS = 3
/** How many numbers the features of all parts may have. */
export const VOCABULARY: number = PARTS * ROOM

/** Features as numbers below `VOCABULARY`, ascending. */
export interface HashedFeatures {
  readonly features: Uint32Array
  /** 1 + ln n for each feature that is there n times: that, and not n, is what repeating a word adds. */
  readonly frequencies: Float32Array
}

/**
 * Features as numbers by their hash, so that there is one vocabulary and nobody keeps it: equal features are equal numbers
 * in every pattern, store and process. Weinberger et al. (2009), "Feature Hashing for Large Scale Multitask Learning",
 * without their sign, so that similarities stay in [0, 1]; two features of a part that share a number count as one. FNV-1a
 * over UTF-16 units.
 * @param part 0, 1 or 2: features of different parts never share a number.
 */
export function hashFeatures(part: number, features: readonly string[]): HashedFeatures {
  const hashes = Uint32Array.from(features, (feature) => part * ROOM + hashOf(feature)).sort()
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
  // Folded, as its authors advise where fewer than 32 bits are wanted.
  return ((hash >>> 17) ^ hash) & (ROOM - 1)
}
