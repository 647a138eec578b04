import { isPreflight } from './guarded.ts'

/** Which pages of other origins may use a handler. */
export interface CorsOptions {
  /** Their origins, such as `https://app.example`; `*` for all. */
  readonly origins: readonly string[] | '*'
  /**
   * How long browsers may remember that, in seconds.
   * @default 600
   */
  readonly maxAgeSeconds?: number
}

const REQUEST_HEADERS = 'authorization, content-type, idempotency-key, if-none-match'
const RESPONSE_HEADERS = 'etag, location, retry-after, www-authenticate'

/** The response to the question of a browser whether a page may send a request; undefined for another request. */
export function preflight(request: Request, methods: string, cors: CorsOptions | undefined): Response | undefined {
  if (!isPreflight(request) || !cors) return undefined
  const headers = new Headers({
    'access-control-allow-methods': methods,
    'access-control-allow-headers': REQUEST_HEADERS,
    'access-control-max-age': String(cors.maxAgeSeconds ?? 600),
  })
  return new Response(null, { status: 204, headers })
}

/** Adds to a response which page may read it. */
export function allowOrigin(response: Response, { headers }: Request, cors: CorsOptions | undefined): void {
  if (!cors) return
  const origin = headers.get('origin')
  if (cors.origins !== '*') response.headers.append('vary', 'origin')
  if (origin === null || !(cors.origins === '*' || cors.origins.includes(origin))) return
  response.headers.set('access-control-allow-origin', cors.origins === '*' ? '*' : origin)
  response.headers.set('access-control-expose-headers', RESPONSE_HEADERS)
}
