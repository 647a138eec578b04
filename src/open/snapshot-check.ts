import { StoreError } from '../errors.ts'
import { isEncrypted } from '../persistence/encryption/format.ts'
import type { SnapshotVerdict } from '../persistence/storage.ts'
import { isOurs, isSqlite, quickCheck } from '../sql/check.ts'
import { Connection } from '../sql/connection.ts'
import type { Engine } from '../sql/engine.ts'
import { checkPages, isSchemaKnown } from '../sql/schema-check.ts'

export { checkSchema } from '../sql/schema-check.ts'

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
