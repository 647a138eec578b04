import * as v from 'valibot'
import { Problem } from './problem.ts'

/** Far more than a state, an action and what came of it need. */
export const MOST_BODY_BYTES: number = 64 * 1024
const MOST_READ_BYTES = 1024 * 1024

/** The body, read as JSON and found to be of that form. @throws Problem 400, 413, 415 */
export async function bodyOf<S extends v.GenericSchema>(request: Request, schema: S): Promise<v.InferOutput<S>> {
  const type = request.headers.get('content-type') ?? 'nothing'
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new Problem(415, 'UNSUPPORTED_MEDIA_TYPE', `Expected content-type application/json, got ${type}`)
  }
  const { success, output, issues } = v.safeParse(schema, await jsonOf(request))
  if (success) return output
  const [{ message }] = issues
  const path = v.getDotPath(issues[0])
  throw new Problem(400, 'INVALID_ARGUMENT', path === null ? message : `${path}: ${message}`)
}

async function jsonOf(request: Request): Promise<unknown> {
  const text = await textOf(request)
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem(400, 'INVALID_JSON', 'Expected a body of JSON')
  }
}

/** Keeps no more than may be: what a request says of its length may be missing, or not true. */
async function textOf(request: Request): Promise<string> {
  if (Number(request.headers.get('content-length')) > MOST_BODY_BYTES) throw tooLarge()
  const decoder = new TextDecoder()
  let text = ''
  let length = 0
  for await (const chunk of chunksOf(request.body)) {
    length += chunk.byteLength
    if (length <= MOST_BODY_BYTES) text += decoder.decode(chunk, { stream: true })
    // Who is cut off while it sends does not see the answer.
    else if (length > MOST_READ_BYTES) break
  }
  if (length > MOST_BODY_BYTES) throw tooLarge()
  return text + decoder.decode()
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

function tooLarge(): Problem {
  return new Problem(413, 'TOO_LARGE', `Expected a body of at most ${MOST_BODY_BYTES} bytes`)
}
