import type { Caller } from '../../algorithms/access.ts'

/**
 * `read`: changes no rows. `idempotent`: safe to resend after the worker is lost, because an experience carries an id
 * and a setting names its value. `not-idempotent`: must not be resent.
 */
export type OperationKind = 'read' | 'idempotent' | 'not-idempotent'

/** A method call on a store as data. */
export interface Operation {
  /** The path of the collection: `experiences`, `fleet.tasks`; `store`, `agent`, `agent.experiences`, `memory.as`. */
  readonly on: string
  readonly method: string
  readonly args: readonly unknown[]
  /** For `agent` and the paths below it. */
  readonly agentId?: string
  /** For `memory.as`. */
  readonly caller?: Caller
  /** Undefined if it is not a public method. */
  readonly kind: OperationKind | undefined
}

/** The result of an operation, or the error it threw. */
export type Outcome<T> = { readonly result: T } | { readonly error: unknown }

export function outcomeOf<T>(operation: () => T): Outcome<T> {
  try {
    return { result: operation() }
  } catch (error) {
    return { error }
  }
}

/** Operations that share one transaction, as long as none of them fails inside its own part of it. */
export class Batch {
  #failed = false

  /**
   * Runs one operation. An error before its transaction began is its outcome; one inside its transaction fails the
   * batch.
   */
  run<T>(operation: () => T): Outcome<T> {
    const outcome = outcomeOf(operation)
    if (this.#failed) throw new Error('An operation failed after it may have written something')
    return outcome
  }

  /** Runs the transaction of one operation inside that of the batch. */
  join<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      this.#failed = true
      throw error
    }
  }
}
