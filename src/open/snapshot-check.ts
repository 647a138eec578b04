import { StoreError } from '../errors.ts'
import { storedSequence } from '../learning/identity.ts'
import { isEncrypted } from '../persistence/encryption/format.ts'
import type { SnapshotVerdict, StoredState } from '../persistence/storage.ts'
import { isOurs, isSqlite, quickCheck } from '../sql/check.ts'
import { Connection } from '../sql/connection.ts'
import type { Engine } from '../sql/engine.ts'
import { migrations, schemaVersion } from '../sql/migrations.ts'
import { checkPages, isSchemaKnown } from '../sql/schema-check.ts'

export { checkSchema } from '../sql/schema-check.ts'

/** What a database is restored from. */
export type Restorable = Pick<StoredState, 'snapshot' | 'sequence' | 'commits' | 'isWhole'>

/** Refuses bytes that SQLite must not open. @throws WRONG_KEY, CORRUPT_SNAPSHOT */
export function checkSnapshot(bytes: Uint8Array): void {
  if (isEncrypted(bytes)) {
    const remedy = 'Open it with `encryptedStorage(storage, key)`, or with --key-file.'
    throw new StoreError('WRONG_KEY', `The store is encrypted. ${remedy}`)
  }
  checkPages(bytes)
}

/**
 * Says why bytes do not have the hash that was written. SQLite counts the changes of a file in bytes 24 to 27: if the count differs
 * from the written one, another program edited the file, otherwise the bytes are damaged. https://www.sqlite.org/fileformat.html
 * @throws WRONG_KEY
 */
export function classify(
  engine: Engine,
  found: Uint8Array,
  header: Uint8Array | undefined,
  classified: Map<Uint8Array | undefined, Connection>,
): SnapshotVerdict {
  const differing = header?.filter((byte, i) => byte !== found[i]).length ?? Number.POSITIVE_INFINITY
  if (isEncrypted(found)) checkSnapshot(found)
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

/**
 * Loads what a storage holds into the connection to its snapshot.
 * @throws CORRUPT_SNAPSHOT, SCHEMA_TOO_NEW, CORRUPT_LOG
 */
export function restore(connection: Connection, { snapshot, sequence, commits, isWhole }: Restorable): void {
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
