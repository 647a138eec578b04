import { VERSION } from '../version.ts'
import { PROBLEMS, type ProblemCode } from './problem.ts'
import { PATH_PARAMETERS, type Route } from './routes/route.ts'
import { component, object, oneOf, type Schema, text } from './schema/json-schema.ts'

const CODES = Object.keys(PROBLEMS) as ProblemCode[]

const problem: Schema = component(
  'Problem',
  'Problem details (RFC 9457).',
  object({
    type: oneOf('Always `about:blank`.', ['about:blank']),
    title: text('The title of the code.'),
    status: { type: 'integer', minimum: 400, maximum: 599, description: 'The status of the response.' },
    detail: text('What happened, in English.'),
    code: oneOf('The code of the error.', CODES),
  }),
)

const TAGS: { readonly [tag in Route['tag']]: string } = {
  agents: 'Agents: their configuration, and what they learned.',
  experiences: 'Experiences: recorded transitions with their rewards.',
  decisions: 'Actions that agents chose, whose rewards come later.',
  patterns: 'Strategies that work, and test templates.',
  memory: 'The shared memory.',
  server: 'The server itself.',
}

/** Collects the schemas with a title, and replaces them by references. */
class Components {
  readonly schemas: { [title: string]: object } = {}

  refer(schema: Schema): object {
    const { title } = schema
    if (title === undefined) return this.#within(schema)
    if (!Object.hasOwn(this.schemas, title)) {
      // Before what is in it, which could refer back to it.
      this.schemas[title] = {}
      const { title: _, ...rest } = schema
      this.schemas[title] = this.#within(rest)
    }
    return { $ref: `#/components/schemas/${title}` }
  }

  #within({ items, properties, additionalProperties, anyOf, ...rest }: Schema): object {
    const refer = (schema: Schema): object => this.refer(schema)
    const named = Object.entries(properties ?? {}).map(([name, schema]) => [name, refer(schema)])
    return {
      ...rest,
      ...(items && { items: refer(items) }),
      ...(properties && { properties: Object.fromEntries(named) }),
      ...(additionalProperties !== undefined && {
        additionalProperties:
          typeof additionalProperties === 'object' ? refer(additionalProperties) : additionalProperties,
      }),
      ...(anyOf && { anyOf: anyOf.map(refer) }),
    }
  }
}

/** What describes a handler. */
export interface DocumentOptions {
  readonly routes: readonly Route[]
  /** The path below which the handler is served. */
  readonly basePath: string
  readonly hasAuthentication: boolean
}

/** The OpenAPI 3.1 document of a handler. */
export function openApiDocument({ routes, basePath, hasAuthentication }: DocumentOptions): object {
  const components = new Components()
  const paths: { [path: string]: { [method: string]: object } } = {}
  for (const route of routes) {
    const operation = operationOf(route, components, hasAuthentication)
    paths[route.path] = { ...paths[route.path], [route.method]: operation }
  }
  const tags = new Set(routes.map(({ tag }) => tag))
  return {
    openapi: '3.1.1',
    info: {
      title: 'learning-store',
      version: VERSION,
      summary: 'A learning store for AI agents over HTTP',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: basePath === '' ? '/' : basePath }],
    tags: [...tags].map((name) => ({ name, description: TAGS[name] })),
    paths,
    components: {
      schemas: components.schemas,
      ...(hasAuthentication && { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } }),
    },
  }
}

function operationOf(route: Route, components: Components, hasAuthentication: boolean): object {
  const { operationId, summary, description, tag, body, isPublic } = route
  const security = hasAuthentication && !isPublic ? [{ bearer: [] }] : []
  return {
    operationId,
    summary,
    ...(description !== undefined && { description }),
    tags: [tag],
    security,
    parameters: parametersOf(route, components),
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: components.refer(body) } } },
    }),
    responses: responsesOf(route, components, security.length > 0),
  }
}

function parametersOf({ path, query = {}, method, kind }: Route, components: Components): object[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const parameter = (where: string, name: string, schema: Schema): object => {
    const { description, ...rest } = schema
    const shape = components.refer(rest)
    // Objects are written as JSON.
    const content = rest.type === 'object' ? { content: { 'application/json': { schema: shape } } } : { schema: shape }
    return { name, in: where, required: where === 'path', description, ...content }
  }
  const key = text('Sent again with the same key, the request is performed once.', { minLength: 1, maxLength: 255 })
  return [
    ...inPath.map((name) => parameter('path', name, PATH_PARAMETERS[name] ?? {})),
    ...Object.entries(query).map(([name, schema]) => parameter('query', name, schema)),
    ...(method === 'post' && kind === 'write' ? [parameter('header', 'idempotency-key', key)] : []),
    ...(method === 'get' ? [parameter('header', 'if-none-match', text('The ETag of what the client has.'))] : []),
  ]
}

function responsesOf(route: Route, components: Components, isAuthenticated: boolean): object {
  const content = { 'application/problem+json': { schema: components.refer(problem) } }
  const responses: { [status: string]: object } = {}
  const headers = { etag: { description: 'Changes with the content.', schema: { type: 'string' } } }
  for (const [status, [description, schema]] of Object.entries(route.responses)) {
    responses[status] = {
      description,
      ...(route.method === 'get' && { headers }),
      ...(schema && { content: { 'application/json': { schema: components.refer(schema) } } }),
    }
  }
  if (route.method === 'get') responses['304'] = { description: 'The client has the content.', headers }
  for (const code of errorsOf(route, isAuthenticated)) {
    const { status, title } = PROBLEMS[code]
    responses[status] ??= { description: `${title}.`, content }
  }
  responses.default = { description: 'Another problem.', content }
  return responses
}

function errorsOf({ errors = [], body, method, kind }: Route, isAuthenticated: boolean): readonly ProblemCode[] {
  return [
    'INVALID_ARGUMENT',
    ...(isAuthenticated ? (['UNAUTHORIZED', 'FORBIDDEN'] as const) : []),
    ...(body ? (['TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const) : []),
    ...(method === 'post' && kind === 'write' ? (['IDEMPOTENCY_KEY_REUSED'] as const) : []),
    ...errors,
  ]
}
