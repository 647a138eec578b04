/** Hashes of the names of features, computed from their parts, so that no name has to be built. */

const PRIME = 0x01000193

/** The state of a hash before its first character: FNV-1a over UTF-16 units, 32 bits. */
export const HASH_START: number = 0x811c9dc5 | 0

/** Continues a hash with the characters of a text, from `start` up to `end`. */
export function hashText(state: number, text: string, start = 0, end: number = text.length): number {
  let hash = state
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME)
  return hash
}

/** Continues a hash with one UTF-16 unit. */
export function hashUnit(state: number, unit: number): number {
  return Math.imul(state ^ unit, PRIME)
}

/**
 * Ends a hash: the finalizer of MurmurHash3 (Appleby, public domain). FNV alone leaves names that differ in their last character with
 * nearly equal low bits. @returns a 32-bit unsigned integer.
 */
export function hashEnd(state: number): number {
  let hash = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** The hash of the name of a feature. Weinberger et al. (2009), "Feature hashing for large scale multitask learning", without signs. */
export function hashOfName(name: string): number {
  return hashEnd(hashText(HASH_START, name))
}

/** The hash of the product of two features. It differs when the two are exchanged. */
export function hashOfProduct(a: number, b: number): number {
  return hashEnd(Math.imul(a, PRIME) ^ b)
}
