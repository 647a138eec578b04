/** A pseudorandom generator whose state can be stored. */
export interface Random {
  /** Returns a uniform double in [0, 1). */
  next(): number
  /** Returns the state for `resumedRandom`: four 32-bit words in hexadecimal, 32 characters. */
  state(): string
}

/**
 * xoshiro128** 1.1, a 32-bit generator with a period of 2^128 - 1. Blackman & Vigna (2018), "Scrambled linear
 * pseudorandom number generators". A double has 53 random bits and takes two draws.
 * @param words four 32-bit words, not all zero.
 */
export function xoshiro128ss(words: readonly [number, number, number, number]): Random & { nextUint32(): number } {
  let [a, b, c, d] = words.map((word) => word >>> 0) as [number, number, number, number]
  const nextUint32 = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = rotate(d, 11)
    return result
  }
  return {
    nextUint32,
    next: () => ((nextUint32() >>> 5) * 2 ** 26 + (nextUint32() >>> 6)) / 2 ** 53,
    state: () => [a, b, c, d].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join(''),
  }
}

/** A generator seeded by a number and a name, so that every agent of a store has its own reproducible sequence. */
export function seededRandom(seed: number, name: string): Random {
  let state = mix(seed)
  for (const character of name) state = mix(state ^ (character.codePointAt(0) ?? 0))
  return xoshiro128ss([mix(state + 1), mix(state + 2), mix(state + 3), mix(state + 4) | 1])
}

/** Resumes a generator from its `state()`. */
export function resumedRandom(state: string): Random {
  const word = (i: number): number => Number.parseInt(state.slice(8 * i, 8 * i + 8), 16)
  return xoshiro128ss([word(0), word(1), word(2), word(3)])
}

/** Spreads a seed over 32 bits: the finalizer of MurmurHash3 (Appleby, public domain) after the golden-ratio step of SplitMix. */
function mix(word: number): number {
  let z = (word + 0x9e3779b9) | 0
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
  return (z ^ (z >>> 16)) >>> 0
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}
