import type { AsyncAgent, AsyncStore } from '../../client/async-store.ts'
import type { Principal } from '../principal.ts'
import { HttpProblem, type ProblemCode } from '../problem.ts'
import { count, name, type Schema } from '../schema/json-schema.ts'

/** A request that was checked against its route. */
export interface Call {
  readonly store: AsyncStore
  readonly principal: Principal
  /** The parameters of the path. */
  readonly params: { readonly [name: string]: string }
  /** The parameters of the query that were given. */
  readonly query: { readonly [name: string]: unknown }
  /** The body, if the route has one. */
  readonly body: unknown
  /** An id that follows from the agent and the header `idempotency-key`; undefined without the header. */
  readonly derivedId: string | undefined
}

/** A successful response. */
export interface Reply {
  /** @default 200 */
  readonly status?: number
  /** Plain data; undefined for no content. */
  readonly body?: unknown
  /** The path of what was created, without the base path. */
  readonly location?: string
}

/** An operation over HTTP. Routing, checks and the OpenAPI document derive from it. */
export interface Route {
  /** As OpenAPI writes it. */
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** With the names of parameters in braces, each of which is in `PATH_PARAMETERS`. */
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly tag: 'agents' | 'experiences' | 'decisions' | 'patterns' | 'memory' | 'server'
  /** `write` waits until it is durable. */
  readonly kind: 'read' | 'write'
  /** Whether it needs no authentication. */
  readonly isPublic?: true
  /** False if `store` of the call must not be used. */
  readonly needsStore?: false
  /** Whether a request that only reads creates the store, if there is none. */
  readonly creates?: true
  /** The body for a request that only reads if there is no store. Default: the problem NOT_FOUND. */
  readonly bodyWithoutStore?: unknown
  readonly query?: { readonly [name: string]: Schema }
  readonly body?: Schema
  /** The successful responses by status; null for one without content. */
  readonly responses: { readonly [status: number]: readonly [description: string, schema: Schema | null] }
  /** Problems of this operation, besides those that every one of its kind can have. */
  readonly errors?: readonly ProblemCode[]
  run(call: Call): Promise<Reply>
}

/** The schemas of the parameters of paths. */
export const PATH_PARAMETERS: { readonly [name: string]: Schema } = {
  agent: name('The id of the agent.'),
  id: name('The id.'),
  number: count('The number of the pattern.', { minimum: 1 }),
  partition: name('The partition of the shared memory; `default` is the usual one.'),
  key: name('The key in the partition.'),
}

/** The most items in a response. */
export const MAX_LIMIT = 1000

/** The parameters of lists. */
export const PAGE: { readonly [name: string]: Schema } = {
  limit: count('Maximum number of items.', { maximum: MAX_LIMIT, default: 100 }),
  offset: count('Number of items to skip.', { default: 0 }),
}

/** A parameter of the path. */
export function param({ params }: Call, name: string): string {
  return params[name] ?? ''
}

/** The agent of the path, which is created if there is none. */
export function agentOf(call: Call): Promise<AsyncAgent> {
  return call.store.agent(param(call, 'agent'))
}

/** The agent of the path. Reading does not create it. @throws HttpProblem NOT_FOUND */
export async function existingAgent(call: Call): Promise<AsyncAgent> {
  const id = param(call, 'agent')
  if (!(await call.store.agents.get(id))) throw notFound('agent')
  return call.store.agent(id)
}

/** The reply to a request that only reads if there is no store. @throws HttpProblem NOT_FOUND */
export function replyWithoutStore({ bodyWithoutStore }: Route): Reply {
  if (bodyWithoutStore === undefined) throw new HttpProblem('NOT_FOUND', 'There is no store yet')
  return { body: bodyWithoutStore }
}

/** The problem that something of the path does not exist. */
export function notFound(what: string): HttpProblem {
  return new HttpProblem('NOT_FOUND', `There is no such ${what}`)
}
