import { StoreError, type StoreErrorCode } from 'learning-store/edge'

/** An error response: `{ "error": { code, message, status } }`. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

const INTERNAL = 'Internal error'

/** The codes of the store after which the same request can succeed later. */
const STATUSES: { readonly [K in StoreErrorCode]?: number } = {
  LOCKED: 503,
  LEASE_LOST: 503,
  CLOSED: 503,
  STORAGE_ERROR: 503,
  WORKER_LOST: 503,
  MODULE_LOAD_FAILED: 503,
  STORAGE_FULL: 507,
}
const MESSAGES: { readonly [status: number]: string } = {
  503: 'The store of the agent is not available; send the request again',
  507: 'The store of the agent is full',
}

export function errorResponse(error: unknown): Response {
  const { status, code, message, headers } = problemOf(error)
  return Response.json({ error: { code, message, status } }, { status, headers })
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof StoreError && error.code === 'INVALID_ARGUMENT') {
    return new Problem(400, error.code, error.message)
  }
  // Details go to the log only.
  console.error(error)
  if (!(error instanceof StoreError)) return new Problem(500, 'INTERNAL', INTERNAL)
  const status = STATUSES[error.code] ?? 500
  return new Problem(status, error.code, MESSAGES[status] ?? INTERNAL, status === 503 ? { 'retry-after': '1' } : {})
}
