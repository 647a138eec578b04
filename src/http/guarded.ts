import { type AddressCheck, checkAddress } from './address-check.ts'
import { tokenMatcher, unauthorized } from './bearer-token.ts'
import { readBody } from './body.ts'
import { isServerError, problemResponse } from './problem.ts'

/** Responds to requests. */
export type RequestHandler = (request: Request) => Promise<Response>

/** What a request must satisfy before it reaches a handler. */
export interface GuardOptions extends AddressCheck {
  /** The token that every request must carry; undefined for none. */
  readonly token: string | undefined
  /** Paths that need no token. */
  readonly publicPaths: readonly string[]
  /** The largest body, in bytes. */
  readonly maxBodyBytes: number
  /** Receives the errors that are not the client's. */
  readonly onError: (error: unknown) => void
}

/**
 * A handler that receives only requests for this server, from no page of another site, with the token and a body of a
 * limited size, which was read. Other requests, and errors of the handler, get problem details.
 */
export function guarded(handler: RequestHandler, options: GuardOptions): RequestHandler {
  const { token, publicPaths, maxBodyBytes, onError } = options
  const isToken = token === undefined ? undefined : tokenMatcher([token])
  const isPublic = (request: Request): boolean =>
    publicPaths.includes(new URL(request.url).pathname) || isPreflight(request)
  return async (request) => {
    try {
      checkAddress(request, options)
      if (isToken && (await isToken(request)) === undefined && !isPublic(request)) throw unauthorized()
      return await handler(await withBody(request, maxBodyBytes))
    } catch (error) {
      if (isServerError(error)) onError(error)
      return problemResponse(error)
    }
  }
}

/** Browsers ask without credentials whether a page of another origin may send a request. */
export function isPreflight({ method, headers }: Request): boolean {
  return method === 'OPTIONS' && headers.has('origin') && headers.has('access-control-request-method')
}

/** The same request with its body in memory. */
async function withBody(request: Request, maxBytes: number): Promise<Request> {
  if (request.body === null) return request
  const { url, method, headers, signal } = request
  return new Request(url, { method, headers, signal, body: await readBody(request, maxBytes) })
}
