import initSqlJs, { type SqlJsDatabase, type SqlJsStatement } from 'sql.js'

export type { SqlJsDatabase, SqlJsStatement }

/** SQLite compiled to WebAssembly, loaded and ready: opens databases in memory. */
export interface Engine {
  /** A database over a copy of `bytes`, or an empty one. Foreign bytes are refused by the first statement, not here. */
  open(bytes?: Uint8Array): SqlJsDatabase
}

/** Where the WebAssembly module comes from; nothing is needed where the file beside sql.js can be read. */
export interface EngineOptions {
  readonly locateFile?: (name: string) => string
  readonly wasmBinary?: Uint8Array
}

/** Loads sql.js. The load is shared: a rejected one stays rejected for the life of the thread. */
export async function loadEngine(options: EngineOptions = {}): Promise<Engine> {
  // Without this option sql.js registers its old functions and warns about them on the console.
  const sql = await initSqlJs({ ...options, useOldExtensionFunctions: false })
  return { open: (bytes) => new sql.Database(bytes ?? null) }
}
