import { StoreError, type StoreErrorCode } from 'learning-store/edge'

/** Why a request is refused: told to the caller as `{ "error": { code, message, status } }`. */
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

const INSIDE = 'Expected to answer, but something went wrong here'

/** Codes of the store after which the same request can succeed, or can once there is room. */
const STATUSES: { readonly [K in StoreErrorCode]?: number } = {
  ...{ LOCKED: 503, LEASE_LOST: 503, CLOSED: 503, STORAGE_ERROR: 503, WORKER_LOST: 503, STORAGE_FULL: 507 },
}
const MESSAGES: { readonly [status: number]: string } = {
  503: 'Expected the store of the agent to answer; send it again',
  507: 'Expected room for more in the store of the agent',
}

export function answerTo(error: unknown): Response {
  const { status, code, message, headers } = problemOf(error)
  return Response.json({ error: { code, message, status } }, { status, headers })
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof StoreError && error.code === 'INVALID_ARGUMENT') {
    return new Problem(400, error.code, error.message)
  }
  // What went wrong inside is for the log, not for who asked.
  console.error(error)
  if (!(error instanceof StoreError)) return new Problem(500, 'INTERNAL', INSIDE)
  const status = STATUSES[error.code] ?? 500
  return new Problem(status, error.code, MESSAGES[status] ?? INSIDE, status === 503 ? { 'retry-after': '1' } : {})
}
