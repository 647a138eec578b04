import { StoreError } from '../../errors.ts'

/** An unknown runtime: the caller must pass SQLite. @throws INVALID_ARGUMENT */
export function unknownWasm(): never {
  const remedy = 'compile learning-store/sql-wasm.wasm'
  throw new StoreError('INVALID_ARGUMENT', `Expected wasm, which this runtime cannot find by itself; ${remedy}`)
}
