import * as v from 'valibot'
import { refusalOf } from './forms.ts'
import { Problem } from './problem.ts'

/** Far more than a state, an action and what came of it need. */
export const MOST_BODY_BYTES: number = 64 * 1024
const MOST_READ_BYTES = 16 * 1024 * 1024

/** The body, read as JSON and found to be of that form. @throws Problem 400, 415 */
export async function bodyOf<S extends v.GenericSchema>(request: Request, schema: S): Promise<v.InferOutput<S>> {
  const type = request.headers.get('content-type') || 'nothing'
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new Problem(415, 'UNSUPPORTED_MEDIA_TYPE', `Expected content-type application/json, got ${type}`)
  }
  const { success, output, issues } = v.safeParse(schema, await jsonOf(request))
  if (success) return output
  throw new Problem(400, 'INVALID_ARGUMENT', refusalOf(issues[0]))
}

async function jsonOf(request: Request): Promise<unknown> {
  try {
    return JSON.parse(await request.text())
  } catch {
    throw new Problem(400, 'INVALID_JSON', 'Expected a body of JSON')
  }
}

/**
 * Reads a body to its end, whether it is wanted or not: who is cut off while it sends does not see the answer. Keeps no more
 * than may be: what a request says of its length may be missing, or not true. Answers nothing where it is too large.
 */
export async function bytesOf({ body }: Request): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(MOST_BODY_BYTES)
  let length = 0
  for await (const chunk of chunksOf(body)) {
    if (length + chunk.byteLength <= MOST_BODY_BYTES) bytes.set(chunk, length)
    length += chunk.byteLength
    if (length > MOST_READ_BYTES) break
  }
  return length <= MOST_BODY_BYTES ? bytes.subarray(0, length) : undefined
}

/** @throws Problem 400, 413 */
export function textOf(bytes: Uint8Array | undefined): string {
  if (!bytes) throw new Problem(413, 'TOO_LARGE', `Expected a body of at most ${MOST_BODY_BYTES} bytes`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Problem(400, 'INVALID_JSON', 'Expected a body of JSON in UTF-8')
  }
}

/** Not every runtime can loop over a stream. */
async function* chunksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader()
  try {
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) yield part.value
  } finally {
    await reader?.cancel()
  }
}
