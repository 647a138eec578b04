import type { AsyncAgent } from 'learning-store/edge'
import type { GenericSchema } from 'valibot'
import { bodyOf, bytesOf, textOf } from './body.ts'
import { choiceForm, experienceForm, situationForm } from './forms.ts'
import { answerTo, Problem } from './problem.ts'

/** Lends an agent for some work, by its id. */
export type UseAgent = <T>(agentId: string, work: (agent: AsyncAgent) => Promise<T>) => Promise<T>

type Ask = (agent: AsyncAgent) => Promise<unknown>
/** What a request asks of its agent. What it refuses, it refuses before there is an agent. */
type Operation = (request: Request) => Promise<Ask>

/** By path below `/agents/ID`, then by method. */
const ROUTES: { readonly [path: string]: { readonly [method: string]: Operation } } = {
  '': { GET: async () => (agent) => agent.status() },
  '/experiences': { POST: taking(experienceForm, (agent, experience) => agent.learn(experience)) },
  '/recommendation': { POST: taking(situationForm, (agent, { state }) => agent.recommend(state)) },
  '/action': {
    POST: taking(choiceForm, async (agent, { state, ...options }) => {
      const { action, probability, explored } = await agent.selectAction(state, options)
      return { action, probability, explored }
    }),
  },
}

function taking<T>(form: GenericSchema<unknown, T>, ask: (agent: AsyncAgent, body: T) => Promise<unknown>): Operation {
  return async (request) => {
    const body = await bodyOf(request, form)
    return (agent) => ask(agent, body)
  }
}

/**
 * Lets a request pass to its agent, with its body read: who sends it knows the token, there is something at its address, and
 * it is not too large. What anybody may send ends here and costs no more than this.
 */
export async function atTheDoor(
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
    return answerTo(error)
  }
}

/** The same request with its body in memory: a stream that passes through two places can break between them. */
function readRequest({ url, method, headers }: Request, text: string): Request {
  const type = { 'content-type': headers.get('content-type') ?? '' }
  return new Request(url, { method, headers: type, ...(method === 'GET' ? {} : { body: text }) })
}

/** Does what a request asks of an agent. Answers once it is kept. */
export async function atTheAgent(request: Request, use: UseAgent): Promise<Response> {
  try {
    const { agentId, operation } = routeOf(request)
    return Response.json(await use(agentId, await operation(request)))
  } catch (error) {
    return answerTo(error)
  }
}

/** Ids become names of files and objects: the same on every system. */
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

/** What a header can carry as it is; spaces only between. */
const TOKEN = /^[!-~]([ -~]*[!-~])?$/

async function checkToken({ headers }: Request, token: string | undefined): Promise<void> {
  if (!token || !TOKEN.test(token)) {
    throw new Problem(500, 'NOT_CONFIGURED', 'Expected the secret TOKEN to be set, to visible characters of ASCII')
  }
  const given = /^Bearer +(.+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? ''
  const [want, got] = await Promise.all([digest(token), digest(given)])
  // All bytes of both digests are compared, whatever they are: how long it takes tells nothing of the token.
  const differing = want.reduce((bits, byte, i) => bits | (byte ^ (got[i] ?? 0)), 0)
  if (differing === 0) return
  const headersOfProblem = { 'www-authenticate': 'Bearer' }
  throw new Problem(401, 'UNAUTHORIZED', 'Expected authorization: Bearer TOKEN', headersOfProblem)
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}
