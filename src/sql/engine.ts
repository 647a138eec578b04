import type { InitSqlJs, SqlJsDatabase, SqlJsStatement } from 'sql.js'

export type { InitSqlJs, SqlJsDatabase, SqlJsStatement }

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
export async function loadEngine(initSqlJs: InitSqlJs, module?: WebAssembly.Module): Promise<Engine> {
  // Without the option sql.js registers its old functions and warns about them on the console.
  const sql = await initSqlJs({ ...(module && instantiating(module)), useOldExtensionFunctions: false })
  return { open: (bytes) => new sql.Database(bytes ?? null) }
}

/** The hook of Emscripten for a module that was compiled before. */
function instantiating(module: WebAssembly.Module): object {
  return {
    instantiateWasm(imports: WebAssembly.Imports, ready: (instance: WebAssembly.Instance) => void): object {
      void WebAssembly.instantiate(module, imports).then(ready)
      return {}
    },
  }
}
