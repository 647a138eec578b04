import { StoreError } from '../errors.ts'
import { type Engine, loadEngine } from '../sql/engine.ts'
import type { WasmModule } from '../sql/sql-js.ts'
import initSqlJs from '../sql/sql-js-module.js'

/**
 * SQLite, loaded once per thread, from what the first caller gives. A module that could not be read is read again for the next
 * caller; one that does not start never will in this thread, because sql.js starts once.
 *
 * @param compiled the module, from what the caller gave or from where this runtime finds it
 * @throws MODULE_LOAD_FAILED, and what `compiled` throws
 */
export function sharedEngine<T>(
  compiled: (given: T | undefined) => WasmModule | Promise<WasmModule>,
): (given?: T) => Promise<Engine> {
  let loading: Promise<Engine> | undefined
  const load = async (given: T | undefined): Promise<Engine> => {
    let module: WasmModule
    try {
      module = await compiled(given)
    } catch (error) {
      loading = undefined
      throw error
    }
    return loadEngine(initSqlJs, module).catch((cause: unknown) => {
      const remedy = 'Use the sql-wasm.wasm of this version of learning-store, in a new thread.'
      throw new StoreError('MODULE_LOAD_FAILED', `SQLite did not start: ${cause}. ${remedy}`, { cause })
    })
  }
  return (given) => {
    loading ??= load(given)
    return loading
  }
}
