import { StoreError } from '../../errors.ts'

/** A runtime that this package does not know: the caller brings SQLite. @throws INVALID_ARGUMENT */
export function unknownWasm(): never {
  const remedy = 'compile learning-store/sql-wasm.wasm'
  throw new StoreError('INVALID_ARGUMENT', `Expected wasm, which this runtime cannot find by itself; ${remedy}`)
}
