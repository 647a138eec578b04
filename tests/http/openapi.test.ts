import { createConfig, lintFromString } from '@redocly/openapi-core'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bearerToken, createHandler, type Handler } from '../../src/entry/http.ts'
import { type AsyncStore, openLearningStore } from '../../src/entry/node.ts'
import { STORE_ROUTES } from '../../src/http/routes/index.ts'
import { checkJson } from '../../src/json-schema/check.ts'
import { type Answer, send } from './client.ts'
import { EXAMPLES, type Example, prepare } from './requests.ts'

interface Content {
  readonly content?: { readonly [type: string]: { readonly schema: object } }
}
interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly schema: { readonly type: string }
}
interface Operation {
  readonly operationId: string
  readonly parameters: readonly Parameter[]
  readonly requestBody?: Content
  readonly responses: { readonly [status: string]: Content }
}
interface OpenApi {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } }
}

/** Infinity and NaN are no JSON; `ajv` is asked about what was parsed. */
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false })

let store: AsyncStore
let handler: Handler
let document: OpenApi
beforeAll(async () => {
  store = await openLearningStore({ storage: 'memory:', seed: 1 })
  handler = createHandler({ store, authenticate: bearerToken('secret') })
  document = (await send(handler, '/openapi.json')).body as OpenApi
  ajv.addSchema({ ...document, $id: 'openapi' } as object, 'openapi')
  ajv.addVocabulary(['openapi', 'info', 'servers', 'tags', 'paths', 'components'])
  await prepare(store)
})
afterAll(() => store.close())

const operations = (): (Operation & { readonly path: string; readonly method: string })[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() })),
  )

/** The validator of the schema at a place in the document. */
function validatorOf(schema: object): ValidateFunction {
  const absolute = JSON.stringify(schema).replaceAll('"#/components/', '"openapi#/components/')
  return ajv.compile(JSON.parse(absolute) as object)
}

function expectValid(schema: object, value: unknown, what: string): void {
  const validate = validatorOf(schema)
  expect(validate(value), `${what}: ${JSON.stringify(validate.errors)}`).toBe(true)
}

/** Checks a response against what the document says of it. */
function expectDocumented({ operationId }: Example, { status, headers, body }: Answer): void {
  const operation = operations().find((one) => one.operationId === operationId)
  const response = operation?.responses[status]
  expect(response, `${operationId} ${status}`).toBeDefined()
  const [type, content] = Object.entries(response?.content ?? {})[0] ?? []
  expect(headers.get('content-type')).toBe(type ?? null)
  if (content) expectValid(content.schema, body, `${operationId} ${status}`)
  else expect(body).toBeUndefined()
}

test('the document passes the recommended rules of a linter', async () => {
  const config = await createConfig({ extends: ['recommended'] })
  const problems = await lintFromString({ source: JSON.stringify(document), absoluteRef: 'openapi.json', config })
  const found = problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`)
  // The address of the server is not known to the document; it is that from which it was fetched.
  expect(found.filter((one) => !one.startsWith('no-server-example.com'))).toEqual([])
})

test('every operation has an example below for each of its successful responses', () => {
  const documented = operations().flatMap(({ operationId, responses }) =>
    Object.keys(responses).flatMap((status) => (/^2/.test(status) ? `${operationId} ${status}` : [])),
  )
  const tried = new Set(EXAMPLES.map(({ operationId, status }) => `${operationId} ${status}`))
  expect(documented.filter((one) => !tried.has(one))).toEqual([])
  expect(documented.length).toBeGreaterThan(20)
})

test('requests and responses are as documented', async () => {
  for (const example of EXAMPLES) {
    const { operationId, path, body, headers, status } = example
    const answer = await send(handler, path, { ...example, headers: { ...headers, authorization: 'Bearer secret' } })
    expect([operationId, answer.status], JSON.stringify(answer.body)).toEqual([operationId, status])
    expectDocumented(example, answer)
    const operation = operations().find((one) => one.operationId === operationId)
    const schema = operation?.requestBody?.content?.['application/json']?.schema
    expect(schema === undefined).toBe(body === undefined)
    if (schema && status < 300) expectValid(schema, body, operationId)
    const inQuery = operation?.parameters.filter((one) => one.in === 'query').map(({ name }) => name)
    expect(inQuery).toEqual(expect.arrayContaining([...new URL(path, 'http://x').searchParams.keys()]))
  }
})

test('every operation that is not public documents the refusal of a request without a token', async () => {
  for (const example of EXAMPLES) {
    const answer = await send(handler, example.path, example)
    const isPublic = ['getHealth', 'getDocument'].includes(example.operationId)
    expect([example.operationId, answer.status]).toEqual([example.operationId, isPublic ? 200 : 401])
    expectDocumented(example, answer)
  }
})

describe('the check of bodies', () => {
  const routes = STORE_ROUTES.flatMap(({ operationId, body }) => (body ? [{ operationId, body }] : []))
  const words = ['state', 'action', 'reward', 'actions', 'id', 'terminated', 'value', 'policy', 'estimator', 'ips']
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, 0, 1, -1, 0.5, 'ips', 'dm', 'private', '', '𝄞'.repeat(200), 'a'.repeat(257)),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...words, 'agentId', 'probabilities', 'algorithm', 'features'), tie('json')),
    ),
  }))

  test.each(routes)('of $operationId agrees with a validator of JSON Schema', ({ body, operationId }) => {
    const documented = operations().find((one) => one.operationId === operationId)?.requestBody?.content
    const validate = validatorOf(documented?.['application/json']?.schema ?? {})
    const valid = EXAMPLES.find((one) => one.operationId === operationId && one.status < 300)?.body as object
    const changed = fc.tuple(fc.constantFrom(...Object.keys(body.properties ?? {})), json)
    const bodies = fc.oneof(
      json,
      fc.constant(valid),
      changed.map(([name, value]) => ({ ...valid, [name]: value })),
    )
    let accepted = 0
    fc.assert(
      fc.property(bodies, (value) => {
        let isValid = true
        try {
          checkJson(body, value, 'the body')
        } catch {
          isValid = false
        }
        if (isValid) accepted++
        return isValid === validate(value)
      }),
      { seed: 7, numRuns: 300 },
    )
    expect(accepted).toBeGreaterThan(1)
  })
})
