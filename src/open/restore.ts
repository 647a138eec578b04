import { failedToLoad } from '../errors.ts'
import type { OpenOptions } from '../persistence/storage.ts'
import { Connection } from '../sql/connection.ts'
import type { Engine } from '../sql/engine.ts'
import type { Restorable } from './snapshot-check.ts'

/**
 * Passes on what `load` finds, and a function that restores a database from it, which is closed if `work` fails. A
 * snapshot that was opened to be classified is not opened again. Its schema is checked before anything else is read from it.
 * @throws CORRUPT_SNAPSHOT, CORRUPT_LOG, SCHEMA_TOO_NEW, MODIFIED_EXTERNALLY, MODULE_LOAD_FAILED
 */
export async function withDatabase<S extends Restorable, T>(
  engine: Engine,
  load: (classify: OpenOptions['classify']) => Promise<S>,
  work: (state: S, connect: () => Connection) => T | Promise<T>,
): Promise<T> {
  const check = await import('./snapshot-check.ts').catch(failedToLoad('opening stores'))
  const classified = new Map<Uint8Array | undefined, Connection>()
  let connection: Connection | undefined
  try {
    const state = await load((found, header) => check.classify(engine, found, header, classified))
    return await work(state, () => {
      if (state.snapshot) check.checkSnapshot(state.snapshot)
      connection = classified.get(state.snapshot) ?? new Connection(engine, state.snapshot)
      classified.delete(state.snapshot)
      if (state.snapshot) check.checkSchema(connection)
      check.restore(connection, state)
      return connection
    })
  } catch (error) {
    connection?.close()
    throw error
  } finally {
    for (const other of classified.values()) other.close()
  }
}
