/** The bytes of vectors of one dimension, one after the other. sql.js would bind a Float32Array as one byte per float. */
export function bytesOfVectors(vectors: readonly Float32Array[]): Uint8Array {
  const bytes = new Uint8Array(vectors.reduce((sum, { byteLength }) => sum + byteLength, 0))
  let at = 0
  for (const { buffer, byteOffset, byteLength } of vectors) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at)
    at += byteLength
  }
  return bytes
}

/** The vectors in bytes. @param dimension Default: that of a single vector. */
export function vectorsOfBytes(bytes: Uint8Array, dimension: number = bytes.length / 4): Float32Array[] {
  // A copy: views need an offset that is a multiple of four.
  const all = new Float32Array(bytes.slice(0, bytes.length - (bytes.length % 4)).buffer)
  const count = dimension > 0 ? Math.floor(all.length / dimension) : 0
  return Array.from({ length: count }, (_, i) => all.subarray(i * dimension, (i + 1) * dimension))
}
