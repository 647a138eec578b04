import { checkCallbacks, checkCount, checkOptions, invalid } from '../checks.ts'
import type { AsyncStore } from '../client/async-store.ts'
import { unauthorized } from './bearer-token.ts'
import { readBody } from './body.ts'
import { allowOrigin, type CorsOptions, preflight } from './cors.ts'
import { sha256Hex } from './digests.ts'
import { IdempotentReplies, idempotencyKey } from './idempotency.ts'
import { openApiDocument } from './openapi.ts'
import { GivenStore, OpenedStore, type OpeningOptions, type StoreUser } from './opened-store.ts'
import { type Authenticate, checkMayUse, checkMayWrite, type Principal } from './principal.ts'
import { isServerError, problemResponse } from './problem.ts'
import { responseTo } from './reply.ts'
import { bodyOf, checkParams, queryOf } from './request-data.ts'
import { STORE_ROUTES } from './routes/index.ts'
import { type Reply, type Route, replyWithoutStore } from './routes/route.ts'
import { serverRoutes } from './routes/server.ts'
import { type Match, Router } from './routing.ts'

/** The options of `createHandler`. */
export interface HandlerOptions {
  /** The open store. Its caller closes it. Either this or `open`. */
  readonly store?: AsyncStore
  /**
   * Opens the store at the first request, and again after an error of the store, such as a lost lease. `create` is false for a request that
   * only reads: pass it on to `openLearningStore`, so that such a request creates no store.
   */
  readonly open?: (options: OpeningOptions) => Promise<AsyncStore>
  /**
   * Decides what the sender of a request may do: `bearerToken(token)`, or a function of one's own. `none` lets everybody
   * do everything who can reach the handler.
   */
  readonly authenticate: Authenticate | 'none'
  /** The path below which the handler is served, such as `/learning`. Default: the root. */
  readonly basePath?: string
  /** Which pages of other origins may use the handler. Default: none. */
  readonly cors?: CorsOptions
  /**
   * The largest body, in bytes.
   * @default 1_048_576
   */
  readonly maxBodyBytes?: number
  /**
   * Whether a write is durable before its response is sent, also in a store with `durability: 'relaxed'`.
   * @default true
   */
  readonly flush?: boolean
  /** Receives the errors that are not the client's, whose details responses leave out. Default: ignored. */
  readonly onError?: (error: unknown) => void
}

/** Responds to requests. */
export interface Handler {
  (request: Request): Promise<Response>
  /** Closes the store that `open` opened. A later request opens it again. */
  close(): Promise<void>
}

const OPTIONS = ['store', 'open', 'authenticate', 'basePath', 'cors', 'maxBodyBytes', 'flush', 'onError'] as const

/**
 * Creates a handler that offers a store over HTTP, for every runtime with `Request` and `Response`: Node, Deno, Bun,
 * Cloudflare Workers, Hono, Next.js. `GET /openapi.json` describes its operations.
 *
 * @throws INVALID_ARGUMENT
 * @example
 * ```ts
 * import { openLearningStore } from 'learning-store'
 * import { bearerToken, createHandler } from 'learning-store/http'
 *
 * const store = await openLearningStore({ storage: 'memory:' })
 * const handler = createHandler({ store, authenticate: bearerToken('secret') })
 * const headers = { authorization: 'Bearer secret', 'content-type': 'application/json' }
 * const body = JSON.stringify({ state: 'busy', action: 'queue', reward: 1, terminated: true })
 * const url = 'http://localhost/v1/agents/router/experiences'
 * const response = await handler(new Request(url, { method: 'POST', headers, body }))
 * console.log(response.status, (await response.json()).value) // 201 0.1
 * await store.close()
 * ```
 */
export function createHandler(options: HandlerOptions): Handler {
  const { authenticate, basePath = '', cors, onError = () => {}, flush = true } = checkedOptions(options)
  const maxBodyBytes = checkCount(options.maxBodyBytes ?? 1024 * 1024, 'maxBodyBytes', 1)
  const hasAuthentication = authenticate !== 'none'
  const routes: Route[] = [...STORE_ROUTES]
  let document: object | undefined
  routes.push(
    ...serverRoutes(() => {
      document ??= openApiDocument({ routes, basePath, hasAuthentication })
      return document
    }),
  )
  const router = new Router(routes)
  const stores = storesOf(options, onError)
  const replies = new IdempotentReplies()

  async function respond(request: Request): Promise<Response> {
    const url = new URL(request.url)
    const path = url.pathname.startsWith(`${basePath}/`) ? url.pathname.slice(basePath.length) : ''
    const asked = preflight(request, router.methodsOf(path) ?? 'GET', cors)
    if (asked) return asked
    // Before anything is refused: a client that is cut off while it sends does not see the response.
    const reading = readBody(request, maxBodyBytes)
    await reading.catch(() => {})
    const found = attempt(() => router.find(request.method, path))
    const principal = 'value' in found && found.value.route.isPublic ? {} : await principalOf(request, authenticate)
    if ('error' in found) throw found.error
    return responseTo(request, await perform(found.value, request, url, principal, await reading), basePath)
  }

  async function perform(
    { route, params }: Match,
    request: Request,
    url: URL,
    principal: Principal,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<Reply> {
    if (route.kind === 'write') checkMayWrite(principal)
    if (params.agent !== undefined) checkMayUse(principal, params.agent)
    checkParams(params)
    const query = queryOf(route, url.searchParams)
    const body = bodyOf(route, request, bytes)
    const key = route.method === 'post' && route.kind === 'write' ? idempotencyKey(request) : undefined
    const derivedId = key === undefined ? undefined : await derivedFrom(`${params.agent}\n${key}`)
    const run = (): Promise<Reply> => withStore(route, { principal, params, query, body, derivedId })
    // Not that of another sender: what it may see can differ.
    const scope = `${url.pathname} ${JSON.stringify(principal)}`
    return key === undefined ? run() : replies.once(scope, key, await sha256Hex(bytes), run)
  }

  function withStore(route: Route, call: Omit<Parameters<Route['run']>[0], 'store'>): Promise<Reply> {
    if (route.needsStore === false) return route.run(call as Parameters<Route['run']>[0])
    return stores.use(
      async (store, isStrict) => {
        if (!store) return replyWithoutStore(route)
        const reply = await route.run({ ...call, store })
        if (route.kind === 'write' && flush && !isStrict) await store.flush()
        return reply
      },
      route.kind === 'write' || route.creates === true,
    )
  }

  const handler = async (request: Request): Promise<Response> => {
    let response: Response
    try {
      response = await respond(request)
    } catch (error) {
      if (isServerError(error)) onError(error)
      response = problemResponse(error)
    }
    allowOrigin(response, request, cors)
    return response
  }
  return Object.assign(handler, { close: () => stores.close() })
}

function checkedOptions(options: HandlerOptions): HandlerOptions {
  const { store, open, authenticate, basePath, onError } = checkOptions(options, 'the options', OPTIONS)
  if ((store === undefined) === (open === undefined)) throw invalid('store or open', 'given, and not both', undefined)
  checkCallbacks({ open, onError })
  if (authenticate !== 'none' && typeof authenticate !== 'function') {
    throw invalid('authenticate', 'a function such as bearerToken(token), or "none"', authenticate)
  }
  if (basePath !== undefined && !/^(\/[^/?#]+)*$/.test(basePath)) {
    throw invalid('basePath', 'a path that begins with a slash and does not end with one', basePath)
  }
  return options
}

function storesOf({ store, open }: HandlerOptions, onError: (error: unknown) => void): StoreUser {
  if (store) return new GivenStore(store)
  if (open) return new OpenedStore(open, onError)
  throw invalid('store or open', 'given', undefined)
}

async function principalOf(request: Request, authenticate: Authenticate | 'none'): Promise<Principal> {
  if (authenticate === 'none') return {}
  const principal = await authenticate(request)
  if (!principal) throw unauthorized()
  return principal
}

/** An id in the form of a UUID, version 8, which follows from a text. */
async function derivedFrom(text: string): Promise<string> {
  const hex = await sha256Hex(text)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function attempt<T>(work: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: work() }
  } catch (error) {
    return { error }
  }
}
