import { StoreError } from '../../errors.ts'
import type { fileStorage as storageInFile } from '../../persistence/file/file-storage.ts'

/** A storage that is a file, in Node, Deno and Bun; a compiler that does not know the runtime finds it here. @throws UNSUPPORTED */
export const fileStorage: typeof storageInFile = (path) => {
  throw new StoreError('UNSUPPORTED', `Expected Node, Deno or Bun for the storage file:${path}, got another runtime`)
}
