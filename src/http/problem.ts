import { StoreError, type StoreErrorCode } from '../errors.ts'

/** The codes of problems that are not errors of the store. */
export type HttpProblemCode =
  /** No token, or a wrong one. */
  | 'UNAUTHORIZED'
  /** The caller may not do this, or the address or origin of the request is not one of the server's. */
  | 'FORBIDDEN'
  | 'METHOD_NOT_ALLOWED'
  /** The content type or encoding of the body is not supported. */
  | 'UNSUPPORTED_MEDIA_TYPE'
  /** The key was used for another request. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** A bug in this program. */
  | 'INTERNAL'

/** The `code` of a problem. The list is closed. */
export type ProblemCode = StoreErrorCode | HttpProblemCode

/** Whether a request that failed may be sent again, and after how many seconds. */
interface Answer {
  readonly status: number
  readonly title: string
  readonly retryAfterSeconds?: number
}

const busy = (title: string, retryAfterSeconds: number): Answer => ({ status: 503, title, retryAfterSeconds })
const broken = (title: string): Answer => ({ status: 500, title })

/** The status and title of every code. */
export const PROBLEMS: { readonly [code in ProblemCode]: Answer } = {
  INVALID_ARGUMENT: { status: 400, title: 'Invalid argument' },
  UNAUTHORIZED: { status: 401, title: 'Unauthorized' },
  FORBIDDEN: { status: 403, title: 'Forbidden' },
  ACCESS_DENIED: { status: 403, title: 'Access denied' },
  READ_ONLY: { status: 403, title: 'Store opened for reading only' },
  NOT_FOUND: { status: 404, title: 'Not found' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Method not allowed' },
  ALREADY_REWARDED: { status: 409, title: 'Already rewarded' },
  DECISION_EXPIRED: { status: 410, title: 'Decision expired' },
  TOO_LARGE: { status: 413, title: 'Content too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'Unsupported media type' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'Idempotency key reused' },
  UNSUPPORTED: { status: 422, title: 'Unsupported' },
  INTERNAL: broken('Internal error'),
  WRONG_KEY: broken('Wrong key'),
  TIMEOUT: { status: 504, title: 'Timeout' },
  NOT_A_STORE: broken('Not a learning store'),
  MODIFIED_EXTERNALLY: broken('Store modified by another program'),
  SCHEMA_TOO_NEW: broken('Store of a newer version'),
  STORE_MISSING: broken('Store missing'),
  CORRUPT_SNAPSHOT: broken('Corrupt snapshot'),
  CORRUPT_LOG: broken('Corrupt log'),
  NOT_PERSISTENT: broken('Storage not persistent'),
  SQL_ERROR: broken('Database error'),
  LOCKED: busy('Store locked', 2),
  LEASE_LOST: busy('Store taken over', 2),
  STORAGE_FULL: busy('Storage full', 60),
  STORAGE_ERROR: busy('Storage failed', 5),
  WORKER_LOST: busy('Worker lost', 1),
  MODULE_LOAD_FAILED: busy('Module not loaded', 1),
  ABORTED: busy('Aborted', 1),
  CLOSED: busy('Store closed', 1),
}

/** Problem details as in RFC 9457, with the `code` of the error. */
export interface ProblemDetails {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ProblemCode
}

/** An error with the code that it has over HTTP. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly code: ProblemCode
  readonly headers: { readonly [name: string]: string }

  constructor(code: ProblemCode, detail: string, headers: { readonly [name: string]: string } = {}) {
    super(detail)
    this.code = code
    this.headers = headers
  }
}

/**
 * The response to an error. What is not the client's doing has only the title of its code as its detail: messages of
 * the store name files, and those of bugs anything.
 */
export function problemResponse(error: unknown): Response {
  const isKnown = error instanceof HttpProblem || error instanceof StoreError
  const code: ProblemCode = isKnown ? error.code : 'INTERNAL'
  const { status, title, retryAfterSeconds } = PROBLEMS[code]
  const again = retryAfterSeconds === undefined ? '' : '; send the request again later'
  const detail = isKnown && status < 500 ? error.message : `${title}${again}`
  const details: ProblemDetails = { type: 'about:blank', title, status, detail, code }
  const headers = new Headers(error instanceof HttpProblem ? error.headers : {})
  headers.set('content-type', 'application/problem+json')
  headers.set('x-content-type-options', 'nosniff')
  headers.set('cache-control', 'no-store')
  if (retryAfterSeconds !== undefined) headers.set('retry-after', String(retryAfterSeconds))
  return new Response(JSON.stringify(details), { status, headers })
}

/** Whether the error is the server's: the one who runs it should know. */
export function isServerError(error: unknown): boolean {
  return !(error instanceof HttpProblem || error instanceof StoreError) || PROBLEMS[error.code].status >= 500
}
