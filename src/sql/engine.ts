import type { InitSqlJs, SqlJsDatabase, WasmModule } from './sql-js.ts'

/** A loaded sql.js module, which opens in-memory databases. */
export interface Engine {
  /** Opens a copy of `bytes` or an empty database. Bytes that are not a database make the first statement fail, not `open`. */
  open(bytes?: Uint8Array): SqlJsDatabase
}

/**
 * Loads sql.js. sql.js shares one load per thread, which stays rejected if it fails: fetch and compile the module before.
 * @param initSqlJs the initializer of sql.js for this platform.
 * @param module the compiled WebAssembly module. Default: sql.js reads the file beside its own.
 */
export async function loadEngine(initSqlJs: InitSqlJs, module?: WasmModule): Promise<Engine> {
  // By default sql.js registers deprecated functions and warns about them on the console.
  const options = { useOldExtensionFunctions: false }
  const sql = await (module ? instantiated(initSqlJs, module, options) : initSqlJs(options))
  return { open: (bytes) => new sql.Database(bytes ?? null) }
}

/** Uses Emscripten's hook for a compiled module, which has no way to report a failure: hence the promise. */
function instantiated(initSqlJs: InitSqlJs, module: WebAssembly.Module, options: object): ReturnType<InitSqlJs> {
  return new Promise((resolve, reject) => {
    const instantiateWasm = (imports: WebAssembly.Imports, ready: (instance: WebAssembly.Instance) => void): object => {
      // Fails if memory is exhausted, for example: a browser process has room for about 120 modules.
      WebAssembly.instantiate(module, imports).then(ready).catch(reject)
      return {}
    }
    initSqlJs({ ...options, instantiateWasm }).then(resolve, reject)
  })
}
