import type { AsyncAgent } from 'learning-store/edge'
import type { GenericSchema } from 'valibot'
import { bodyOf, bytesOf, textOf } from './body.ts'
import { choiceForm, experienceForm } from './forms.ts'
import { errorResponse, Problem } from './problem.ts'

/** Calls `work` with the agent of this id. */
export type UseAgent = <T>(agentId: string, work: (agent: AsyncAgent) => Promise<T>) => Promise<T>

type Call = (agent: AsyncAgent) => Promise<unknown>
/** Checks a request, before there is an agent, and returns the call of the agent. */
type Operation = (request: Request) => Promise<Call>

/** The operations by path below `/agents/ID` and method. */
const ROUTES: { readonly [path: string]: { readonly [method: string]: Operation } } = {
  '': { GET: async () => (agent) => agent.status() },
  '/experiences': { POST: withBody(experienceForm, (agent, experience) => agent.learn(experience)) },
  '/recommendation': { POST: withBody(choiceForm, (agent, { state, ...options }) => agent.recommend(state, options)) },
  '/action': {
    POST: withBody(choiceForm, async (agent, { state, ...options }) => {
      const { action, probability, explored } = await agent.selectAction(state, options)
      return { action, probability, explored }
    }),
  },
}

function withBody<T>(
  form: GenericSchema<unknown, T>,
  call: (agent: AsyncAgent, body: T) => Promise<unknown>,
): Operation {
  return async (request) => {
    const body = await bodyOf(request, form)
    return (agent) => call(agent, body)
  }
}

/**
 * Checks the token, the address and the size of a request before it reaches its agent, so that unauthorized requests cost no more than
 * this.
 * @param pass is called with the agent's id and the request, whose body was read
 */
export async function authorize(
  request: Request,
  token: string | undefined,
  pass: (agentId: string, request: Request) => Promise<Response>,
): Promise<Response> {
  try {
    const bytes = await bytesOf(request)
    await checkToken(request, token)
    const { agentId } = routeOf(request)
    return await pass(agentId, readRequest(request, textOf(bytes)))
  } catch (error) {
    return errorResponse(error)
  }
}

/** The same request with its body in memory: a stream that passes through two objects can break between them. */
function readRequest({ url, method, headers }: Request, text: string): Request {
  const type = { 'content-type': headers.get('content-type') ?? '' }
  return new Request(url, { method, headers: type, ...(method === 'GET' ? {} : { body: text }) })
}

/** Handles an authorized request. Responds once everything is durable. */
export async function handleRequest(request: Request, use: UseAgent): Promise<Response> {
  try {
    const { agentId, operation } = routeOf(request)
    return Response.json(await use(agentId, await operation(request)))
  } catch (error) {
    return errorResponse(error)
  }
}

/** Ids become names of files and objects, which must be the same on every system. */
const PATH = /^\/agents\/([a-z0-9][a-z0-9_-]{0,63})(\/[a-z]+)?$/
const IDS = 'an ID of 1 to 64 of a-z in lower case, 0-9, _ and -, that begins with a letter or digit'

function routeOf({ url, method }: Request): { readonly agentId: string; readonly operation: Operation } {
  const { pathname } = new URL(url)
  const [, agentId = '', path = ''] = PATH.exec(pathname) ?? []
  const operations = agentId !== '' && Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined
  if (!operations) {
    const paths = Object.keys(ROUTES).map((known) => `/agents/ID${known}`)
    throw new Problem(404, 'NOT_FOUND', `Expected one of ${paths.join(', ')} with ${IDS}`)
  }
  const operation = Object.hasOwn(operations, method) ? operations[method] : undefined
  if (operation) return { agentId, operation }
  const allow = Object.keys(operations).join(', ')
  throw new Problem(405, 'METHOD_NOT_ALLOWED', `Expected ${allow}, got ${method}`, { allow })
}

/** Visible ASCII, which a header can carry, with spaces in between. */
const TOKEN = /^[!-~]([ -~]*[!-~])?$/

async function checkToken({ headers }: Request, token: string | undefined): Promise<void> {
  if (!token || !TOKEN.test(token)) {
    throw new Problem(500, 'NOT_CONFIGURED', 'Expected the secret TOKEN to be set to visible ASCII characters')
  }
  const given = /^Bearer +(.+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? ''
  const [want, got] = await Promise.all([digest(token), digest(given)])
  // Compares all bytes of both digests, so that the time reveals nothing about the token.
  const differing = want.reduce((bits, byte, i) => bits | (byte ^ (got[i] ?? 0)), 0)
  if (differing === 0) return
  const headersOfProblem = { 'www-authenticate': 'Bearer' }
  throw new Problem(401, 'UNAUTHORIZED', 'Expected authorization: Bearer TOKEN', headersOfProblem)
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}
