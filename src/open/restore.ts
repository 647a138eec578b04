import { failedToLoad, StoreError } from '../errors.ts'
import { storedSequence } from '../learning/identity.ts'
import type { OpenOptions, StoredState } from '../persistence/storage.ts'
import { quickCheck } from '../sql/check.ts'
import { Connection } from '../sql/connection.ts'
import type { Engine } from '../sql/engine.ts'
import { migrations, schemaVersion } from '../sql/migrations.ts'

/**
 * Passes on what `load` finds, and a function that opens a database on its snapshot, which is closed if `work` fails. A
 * snapshot that was opened to be classified is not opened again. Its schema is checked before anything else is read from it.
 * @throws CORRUPT_SNAPSHOT, MODIFIED_EXTERNALLY, MODULE_LOAD_FAILED
 */
export async function withDatabase<S extends Pick<StoredState, 'snapshot'>, T>(
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
      return connection
    })
  } catch (error) {
    connection?.close()
    throw error
  } finally {
    for (const other of classified.values()) other.close()
  }
}

/**
 * Loads what a storage holds into the connection to its snapshot.
 * @throws CORRUPT_SNAPSHOT, SCHEMA_TOO_NEW, CORRUPT_LOG
 */
export function restore(
  connection: Connection,
  { snapshot, sequence, commits, isWhole }: Pick<StoredState, 'snapshot' | 'sequence' | 'commits' | 'isWhole'>,
): void {
  if (!snapshot) return
  const found = schemaVersion(connection)
  if (found > migrations.length) {
    throw new StoreError(
      'SCHEMA_TOO_NEW',
      `The store has schema ${found}, and this version knows schemas up to ${migrations.length}. Update this package.`,
    )
  }
  if (!isWhole) quickCheck(connection)
  connection.startAt(sequence ?? storedSequence(connection))
  for (const commit of commits) {
    try {
      connection.replay(commit)
    } catch (cause) {
      throw new StoreError('CORRUPT_LOG', `Record ${commit.sequence} of the log cannot be replayed: ${cause}`, {
        cause,
      })
    }
  }
}
