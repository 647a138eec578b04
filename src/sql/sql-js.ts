/** The part of sql.js that this package uses; `@types/sql.js` describes an older release. */
export interface SqlJs {
  Database: new (bytes?: Uint8Array | null, options?: { useOldExtensionFunctions?: boolean }) => SqlJsDatabase
}

export type InitSqlJs = (options?: object) => Promise<SqlJs>

export interface SqlJsDatabase {
  prepare(sql: string): SqlJsStatement
  exec(sql: string): { columns: string[]; values: unknown[][] }[]
  getRowsModified(): number
  export(): Uint8Array
  close(): void
}

export interface SqlJsStatement {
  bind(values?: readonly unknown[]): boolean
  step(): boolean
  get(): unknown[]
  reset(): void
  free(): boolean
  getColumnNames(): string[]
}

/** A compiled WebAssembly module; any object if the global types lack WebAssembly, as those of Node do. */
export type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } }
  ? Module
  : object
