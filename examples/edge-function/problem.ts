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

/** Codes of the store that say more than that it cannot be reached now. */
const STATUSES: { readonly [K in StoreErrorCode]?: number } = { INVALID_ARGUMENT: 400, STORAGE_FULL: 507 }

export function answerTo(error: unknown): Response {
  const { status, code, message, headers } = problemOf(error)
  return Response.json({ error: { code, message, status } }, { status, headers })
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof StoreError) {
    const status = STATUSES[error.code] ?? 503
    return new Problem(status, error.code, error.message, status === 503 ? { 'retry-after': '1' } : {})
  }
  // What went wrong inside is for the log, not for who asked.
  console.error(error)
  return new Problem(500, 'INTERNAL', 'Expected to answer, but something went wrong here')
}
