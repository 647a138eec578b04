import { StoreError } from '../../errors.ts'
import type { fileStorage as storageInFile } from '../../persistence/file/file-storage.ts'

/**
 * A storage in a file, in Node, Deno and Bun. Compilers that do not know the runtime find it here. @throws UNSUPPORTED
 */
export const fileStorage: typeof storageInFile = (path) => {
  throw new StoreError(
    'UNSUPPORTED',
    `This runtime has no files for file:${path}. Use Node, Deno or Bun, or another storage.`,
  )
}
