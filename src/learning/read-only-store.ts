import { COLLECTIONS } from '../collections.ts'
import { StoreError } from '../errors.ts'
import type { Connection } from '../sql/connection.ts'
import type { DetailedCommit } from './commits.ts'
import type { Operation, Outcome } from './core/batch.ts'
import type { CoreOptions } from './core/core.ts'
import { LearningStore } from './learning-store.ts'

/**
 * A store that refuses every operation that may write. `agent` is refused only if the agent does not exist or would get
 * another configuration. Random choices are drawn from generators of `seed`: those of the agents belong to the writer.
 */
export class ReadOnlyStore extends LearningStore {
  /** @param earlier the store of an earlier state, whose lazy modules and latencies it continues */
  constructor(connection: Connection, options: CoreOptions, earlier?: ReadOnlyStore) {
    super(connection, { ...options, drawsApart: true }, earlier?.lazyModules.loaded, undefined, earlier?.stopwatch)
    connection.checkWritable = () => {
      throw readOnlyError('this call')
    }
  }

  override run(operations: readonly Operation[]): Outcome<unknown>[] {
    return operations.flatMap((operation) => {
      const { on, method, kind } = operation
      const isAgent = on === 'store' && method === 'agent'
      const mayWrite = kind !== undefined && kind !== 'read' && !isAgent
      return mayWrite ? [{ error: readOnlyError(`${on}.${method}`) }] : super.run([operation])
    })
  }

  /** Does nothing: draws are not written. */
  override settle(): void {}
}

/** @param what what was refused, as in "`values.set`" */
export function readOnlyError(what: string): StoreError {
  const remedy = 'Open it without `readOnly` to write.'
  return new StoreError('READ_ONLY', `The store was opened with \`readOnly\`, and ${what} would change it. ${remedy}`)
}

/** Stands for commits that are not known one by one: anything may have changed. */
export function unknownCommit(sequence: number): DetailedCommit {
  return { sequence, collections: COLLECTIONS }
}
