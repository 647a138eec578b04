import { StoreError, type StoreErrorCode } from '../errors.ts'

/** What can go wrong besides what can go wrong with a store. */
export type FailureCode =
  | StoreErrorCode
  /** The command was not written as it must be. */
  | 'USAGE'
  /** There is no store at this storage. */
  | 'NO_STORE'
  /** The store has nothing of this name. */
  | 'NOT_FOUND'
  /** What would be lost was not confirmed. */
  | 'NOT_CONFIRMED'
  /** A fault of this program. */
  | 'INTERNAL'

const OF_CODE: { readonly [code in FailureCode]?: 2 | 130 } = { USAGE: 2, NOT_CONFIRMED: 2, ABORTED: 130 }

/** Why a command did not do what it was asked. */
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

/** 2 where the command was at fault, 130 where somebody stopped it, else 1. */
export function exitCodeOf(error: unknown): 1 | 2 | 130 {
  if (error instanceof Failure) return error.exitCode
  if (!(error instanceof StoreError)) return 1
  // What a store does not take is what was typed; what is in a file comes as a failure.
  return error.code === 'INVALID_ARGUMENT' ? 2 : (OF_CODE[error.code] ?? 1)
}

/** What goes wrong with a file names it. @param rest what else is to be said of it */
export async function named<T>(file: string, work: () => Promise<T>, rest: string = ''): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof StoreError || error instanceof Failure)) throw error
    throw new Failure(error.code, `${file}: ${error.message}${rest}`)
  }
}
