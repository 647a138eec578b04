/** The part of sql.js that we use. `@types/sql.js` describes an older release. */
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

/** A compiled module of WebAssembly; any object to a compiler that does not know these, as with the types of Node alone. */
export type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } }
  ? Module
  : object
