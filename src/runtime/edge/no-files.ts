import { StoreError } from '../../errors.ts'
import type { filePlace as placeInFile } from '../../persistence/file/file-storage.ts'

/** A place that is a file, in Node, Deno and Bun; a compiler that does not know the runtime finds it here. @throws UNSUPPORTED */
export const filePlace: typeof placeInFile = (path) => {
  throw new StoreError('UNSUPPORTED', `Expected Node, Deno or Bun for the place file:${path}, got another runtime`)
}
