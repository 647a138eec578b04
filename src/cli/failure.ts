import type { StoreErrorCode } from '../errors.ts'

/** What can go wrong besides what can go wrong with a store. */
export type FailureCode =
  | StoreErrorCode
  /** The command was not written as it must be. */
  | 'USAGE'
  /** There is no store at this place. */
  | 'NO_STORE'
  /** The store has nothing of this name. */
  | 'NOT_FOUND'
  /** What would be lost was not confirmed. */
  | 'NOT_CONFIRMED'
  /** A fault of this program. */
  | 'INTERNAL'

/** Why a command did not do what it was asked. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: FailureCode

  constructor(code: FailureCode, message: string) {
    super(message)
    this.code = code
  }

  /** 2 where the command was at fault, else 1. */
  get exitCode(): 1 | 2 {
    return this.code === 'USAGE' || this.code === 'NOT_CONFIRMED' ? 2 : 1
  }
}
