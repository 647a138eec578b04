import { isRefusal, StoreError, type StoreErrorCode } from '../errors.ts'

/** The codes of errors that the command line prints. */
export type FailureCode =
  | StoreErrorCode
  /** Invalid command line. */
  | 'USAGE'
  /** The storage holds no store. */
  | 'NO_STORE'
  /** The store has no such agent or pattern, or there is no such file. */
  | 'NOT_FOUND'
  /** A destructive operation was not confirmed. */
  | 'NOT_CONFIRMED'
  /** A bug in this program. */
  | 'INTERNAL'

const OF_CODE: { readonly [code in FailureCode]?: 2 | 130 } = { USAGE: 2, NOT_CONFIRMED: 2, ABORTED: 130 }

/** An error of a command, with its code and exit code. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: FailureCode
  readonly exitCode: 1 | 2 | 130

  constructor(code: FailureCode, message: string, exitCode: 1 | 2 | 130 = OF_CODE[code] ?? 1) {
    super(message)
    this.code = code
    this.exitCode = exitCode
  }
}

/** @returns 2 for an invalid command line, 130 after an interrupt, otherwise 1 */
export function exitCodeOf(error: unknown): 1 | 2 | 130 {
  if (error instanceof Failure) return error.exitCode
  if (!(error instanceof StoreError)) return 1
  // The argument comes from the command line. Invalid content of a file is thrown as a Failure, by `naming`.
  return isRefusal(error) ? 2 : (OF_CODE[error.code] ?? 1)
}

/** Adds the name of a file to the errors of `work`. @param suffix is appended to the message */
export async function naming<T>(file: string, work: () => Promise<T>, suffix: string = ''): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof StoreError || error instanceof Failure)) throw error
    throw new Failure(error.code, `${file}: ${error.message}${suffix}`)
  }
}
