import { failedToLoad, StoreError } from '../errors.ts'
import { storedSequence } from '../learning/identity.ts'
import type { OpenOptions, SnapshotVerdict, StoredState } from '../persistence/storage.ts'
import { isOurs, isSqlite, quickCheck } from '../sql/check.ts'
import { Connection } from '../sql/connection.ts'
import type { Engine } from '../sql/engine.ts'
import { migrations, schemaVersion } from '../sql/migrations.ts'

type SchemaCheck = typeof import('../sql/schema-check.ts')

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
  const check = await import('../sql/schema-check.ts').catch(failedToLoad('opening stores'))
  const classified = new Map<Uint8Array | undefined, Connection>()
  let connection: Connection | undefined
  try {
    const state = await load((found, header) => classify(engine, found, header, classified, check))
    return await work(state, () => {
      if (state.snapshot) check.checkPages(state.snapshot)
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

/**
 * SQLite counts the changes of a file in bytes 24 to 27: if the count differs from the written one, another program
 * edited the file, otherwise the bytes are damaged. https://www.sqlite.org/fileformat.html
 */
function classify(
  engine: Engine,
  found: Uint8Array,
  header: Uint8Array | undefined,
  classified: Map<Uint8Array | undefined, Connection>,
  { checkPages, isSchemaKnown }: SchemaCheck,
): SnapshotVerdict {
  const differing = header?.filter((byte, i) => byte !== found[i]).length ?? Number.POSITIVE_INFINITY
  if (!isSqlite(found) || !isOurs(found)) return differing <= 1 || (header && !isSqlite(found)) ? 'damaged' : 'foreign'
  if (header && [24, 25, 26, 27].every((at) => header[at] === found[at])) return 'damaged'
  let connection: Connection | undefined
  try {
    checkPages(found)
    // A truncated file fails at the first pragma.
    connection = new Connection(engine, found)
    if (isSchemaKnown(connection)) quickCheck(connection)
    classified.set(found, connection)
    return 'edited'
  } catch {
    connection?.close()
    return 'damaged'
  }
}
