import { HttpProblem } from './problem.ts'

/** How much more than allowed is read, so that the client sees the response instead of a broken connection. */
const MAX_DISCARDED_BYTES = 16 * 1024 * 1024

/**
 * Reads the body of a request. The length that the request declares is not trusted.
 * @throws HttpProblem TOO_LARGE, UNSUPPORTED_MEDIA_TYPE for an encoded body
 */
export async function readBody({ body, headers }: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const encoding = headers.get('content-encoding') ?? 'identity'
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunksOf(body)) {
    length += chunk.byteLength
    if (length <= maxBytes) chunks.push(chunk)
    else if (length > maxBytes + MAX_DISCARDED_BYTES) break
  }
  if (encoding.toLowerCase() !== 'identity') {
    throw new HttpProblem('UNSUPPORTED_MEDIA_TYPE', `Expected a body without content-encoding, got ${encoding}`)
  }
  if (length > maxBytes) throw new HttpProblem('TOO_LARGE', `Expected a body of at most ${maxBytes} bytes`)
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}

/** Not every runtime supports `for await` over a stream. */
async function* chunksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader()
  try {
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) yield part.value
  } finally {
    // The client may be gone.
    await reader?.cancel().catch(() => {})
  }
}
