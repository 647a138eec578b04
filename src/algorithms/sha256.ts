/**
 * SHA-256, synchronous, unlike that of the platform. FIPS 180-4, section 6.2.
 * @param text hashed as UTF-8. @returns 64 hexadecimal digits.
 */
export function sha256(text: string): string {
  const bytes = padded(new TextEncoder().encode(text))
  const view = new DataView(bytes.buffer)
  const state = Uint32Array.from(SQUARE_ROOTS)
  const schedule = new Uint32Array(64)
  for (let at = 0; at < bytes.length; at += 64) {
    for (let t = 0; t < 16; t++) schedule[t] = view.getUint32(at + 4 * t)
    compress(state, schedule)
  }
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('')
}

/** The first 32 fractional bits of the square roots of the first 8 primes and of the cube roots of the first 64. */
const PRIMES = firstPrimes(64)
const SQUARE_ROOTS = PRIMES.slice(0, 8).map((prime) => fractionBits(Math.sqrt(prime)))
const CUBE_ROOTS = PRIMES.map((prime) => fractionBits(Math.cbrt(prime)))

function compress(state: Uint32Array, schedule: Uint32Array): void {
  const w = (t: number): number => schedule[t] as number
  for (let t = 16; t < 64; t++) {
    const s0 = rotated(w(t - 15), 7) ^ rotated(w(t - 15), 18) ^ (w(t - 15) >>> 3)
    const s1 = rotated(w(t - 2), 17) ^ rotated(w(t - 2), 19) ^ (w(t - 2) >>> 10)
    schedule[t] = w(t - 16) + s0 + w(t - 7) + s1
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
  for (let t = 0; t < 64; t++) {
    const s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (CUBE_ROOTS[t] as number) + w(t)) | 0
    const s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0]
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i] as number) + word
}

/** Appends a one bit, zeros and the length in bits, up to a whole number of blocks. */
function padded(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64)
  bytes.set(message)
  bytes[message.length] = 0x80
  new DataView(bytes.buffer).setBigUint64(bytes.length - 8, 8n * BigInt(message.length))
  return bytes
}

function rotated(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

function firstPrimes(count: number): number[] {
  const primes: number[] = []
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n)
  return primes
}

function fractionBits(root: number): number {
  return Math.floor((root - Math.floor(root)) * 2 ** 32)
}
