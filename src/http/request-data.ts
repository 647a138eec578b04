import { invalid } from '../checks.ts'
import { checkJson } from '../json-schema/check.ts'
import { HttpProblem } from './problem.ts'
import { PATH_PARAMETERS, type Route } from './routes/route.ts'
import type { Schema } from './schema/json-schema.ts'

/** States can have 32 levels, and the body some around them. */
const MAX_DEPTH = 48

/** The body as JSON, checked. @throws HttpProblem UNSUPPORTED_MEDIA_TYPE @throws INVALID_ARGUMENT */
export function bodyOf({ body }: Route, { headers }: Request, bytes: Uint8Array): unknown {
  if (!body) return undefined
  const type = headers.get('content-type') || 'nothing'
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new HttpProblem('UNSUPPORTED_MEDIA_TYPE', `Expected content-type application/json, got ${type.slice(0, 100)}`)
  }
  const value = jsonOf(bytes)
  checkJson(body, value, 'the body')
  return value
}

function jsonOf(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new HttpProblem('INVALID_ARGUMENT', 'Expected a JSON body in UTF-8')
  }
  if (depthOf(text) > MAX_DEPTH) {
    throw new HttpProblem('INVALID_ARGUMENT', `Expected a JSON body of at most ${MAX_DEPTH} levels`)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new HttpProblem('INVALID_ARGUMENT', 'Expected a JSON body')
  }
}

/** How deep brackets are nested outside of strings. Parsers of some runtimes overflow the stack. */
function depthOf(json: string): number {
  let depth = 0
  let deepest = 0
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"?|[[{]|[\]}]/gs)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++depth)
    else if (token === ']' || token === '}') depth--
  }
  return deepest
}

/** Checks the parameters of the path. @throws INVALID_ARGUMENT */
export function checkParams(params: { readonly [name: string]: string }): void {
  for (const [name, value] of Object.entries(params)) {
    const schema = PATH_PARAMETERS[name] ?? {}
    checkJson(schema, fromText(value, schema), name)
  }
}

/** The parameters of the query, as their schemas have them. @throws INVALID_ARGUMENT */
export function queryOf({ query = {} }: Route, given: URLSearchParams): { readonly [name: string]: unknown } {
  const values: { [name: string]: unknown } = {}
  for (const [name, value] of given) {
    const schema = Object.hasOwn(query, name) ? query[name] : undefined
    if (!schema) {
      const known = Object.keys(query).join(', ') || 'no parameters'
      throw new HttpProblem('INVALID_ARGUMENT', `Expected a query with only ${known}, got ${name.slice(0, 40)}`)
    }
    if (Object.hasOwn(values, name)) throw invalid(name, 'given once', [])
    values[name] = fromText(value, schema)
    checkJson(schema, values[name], name)
  }
  return values
}

/** A value as text in the type of its schema; the text itself where it is none of that type. */
function fromText(value: string, { type }: Schema): unknown {
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value
  if (type === 'object') return jsonOrText(value)
  if ((type === 'integer' || type === 'number') && value.trim() !== '') return Number(value)
  return value
}

function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}
