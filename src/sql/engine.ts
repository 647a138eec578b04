import type { InitSqlJs, SqlJsDatabase, WasmModule } from './sql-js.ts'

/** SQLite compiled to WebAssembly, loaded and ready: opens databases in memory. */
export interface Engine {
  /** A database over a copy of `bytes`, or an empty one. Foreign bytes are refused by the first statement, not here. */
  open(bytes?: Uint8Array): SqlJsDatabase
}

/**
 * Loads sql.js. The load is shared: a rejected one stays rejected for the life of the thread, so what can fail about the
 * module belongs before it.
 * @param initSqlJs sql.js as this platform has it.
 * @param module its WebAssembly module; not needed where the file beside sql.js can be read.
 */
export async function loadEngine(initSqlJs: InitSqlJs, module?: WasmModule): Promise<Engine> {
  // Without the option sql.js registers its old functions and warns about them on the console.
  const options = { useOldExtensionFunctions: false }
  const sql = await (module ? instantiated(initSqlJs, module, options) : initSqlJs(options))
  return { open: (bytes) => new sql.Database(bytes ?? null) }
}

/** By the hook of Emscripten for a module that was compiled before, which is told of success alone. */
function instantiated(initSqlJs: InitSqlJs, module: WebAssembly.Module, options: object): ReturnType<InitSqlJs> {
  return new Promise((resolve, reject) => {
    const instantiateWasm = (imports: WebAssembly.Imports, ready: (instance: WebAssembly.Instance) => void): object => {
      // Memory may have run out, say: a browser's process has room for about 120 modules.
      WebAssembly.instantiate(module, imports).then(ready).catch(reject)
      return {}
    }
    initSqlJs({ ...options, instantiateWasm }).then(resolve, reject)
  })
}
