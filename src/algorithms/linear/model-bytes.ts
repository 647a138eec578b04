/** Packs a header of plain data and some blobs: the length of the header in 4 bytes, the header as JSON, the blobs. */

interface Header<T> {
  readonly data: T
  readonly lengths: readonly number[]
}

const LENGTH_BYTES = 4

export function packed<T>(data: T, blobs: readonly Uint8Array[]): Uint8Array {
  const header: Header<T> = { data, lengths: blobs.map(({ length }) => length) }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const bytes = new Uint8Array(LENGTH_BYTES + text.length + blobs.reduce((sum, { length }) => sum + length, 0))
  new DataView(bytes.buffer).setUint32(0, text.length, true)
  bytes.set(text, LENGTH_BYTES)
  let at = LENGTH_BYTES + text.length
  for (const blob of blobs) {
    bytes.set(blob, at)
    at += blob.length
  }
  return bytes
}

export function unpacked<T>(bytes: Uint8Array): { readonly data: T; readonly blobs: readonly Uint8Array[] } {
  const start = LENGTH_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  const { data, lengths } = JSON.parse(new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, start))) as Header<T>
  let at = start
  const blobs = lengths.map((length) => {
    at += length
    return bytes.subarray(at - length, at)
  })
  return { data, blobs }
}
