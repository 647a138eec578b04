import * as v from 'valibot'
import { messageOf } from './forms.ts'
import { Problem } from './problem.ts'

/** Far more than an experience needs. */
export const MAX_BODY_BYTES: number = 64 * 1024
const MAX_READ_BYTES = 16 * 1024 * 1024

/** The body as JSON, checked against a schema. @throws Problem 400, 415 */
export async function bodyOf<S extends v.GenericSchema>(request: Request, schema: S): Promise<v.InferOutput<S>> {
  const type = request.headers.get('content-type') || 'nothing'
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new Problem(415, 'UNSUPPORTED_MEDIA_TYPE', `Expected content-type application/json, got ${type}`)
  }
  const { success, output, issues } = v.safeParse(schema, await jsonOf(request))
  if (success) return output
  throw new Problem(400, 'INVALID_ARGUMENT', messageOf(issues[0]))
}

async function jsonOf(request: Request): Promise<unknown> {
  try {
    return JSON.parse(await request.text())
  } catch {
    throw new Problem(400, 'INVALID_JSON', 'Expected a JSON body')
  }
}

/**
 * Reads a body to its end, even if it is too large: a client that is cut off while it sends does not see the response. The length that
 * the request declares is not trusted.
 * @returns undefined if the body is too large
 */
export async function bytesOf({ body }: Request): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(MAX_BODY_BYTES)
  let length = 0
  for await (const chunk of chunksOf(body)) {
    if (length + chunk.byteLength <= MAX_BODY_BYTES) bytes.set(chunk, length)
    length += chunk.byteLength
    if (length > MAX_READ_BYTES) break
  }
  return length <= MAX_BODY_BYTES ? bytes.subarray(0, length) : undefined
}

/** @throws Problem 400, 413 */
export function textOf(bytes: Uint8Array | undefined): string {
  if (!bytes) throw new Problem(413, 'TOO_LARGE', `Expected a body of at most ${MAX_BODY_BYTES} bytes`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Problem(400, 'INVALID_JSON', 'Expected a JSON body in UTF-8')
  }
}

/** Not every runtime supports `for await` over a stream. */
async function* chunksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader()
  try {
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) yield part.value
  } finally {
    await reader?.cancel()
  }
}
