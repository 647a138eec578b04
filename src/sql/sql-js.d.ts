/** The part of sql.js that we use. `@types/sql.js` describes an older release. */
declare module 'sql.js' {
  export interface SqlJsStatement {
    bind(values?: readonly unknown[]): boolean
    step(): boolean
    get(): unknown[]
    reset(): void
    free(): boolean
    getColumnNames(): string[]
  }
  export interface SqlJsDatabase {
    prepare(sql: string): SqlJsStatement
    exec(sql: string): { columns: string[]; values: unknown[][] }[]
    getRowsModified(): number
    export(): Uint8Array
    close(): void
  }
  export interface SqlJs {
    Database: new (bytes?: Uint8Array | null, options?: { useOldExtensionFunctions?: boolean }) => SqlJsDatabase
  }
  export type InitSqlJs = (options?: object) => Promise<SqlJs>
  const initSqlJs: InitSqlJs
  export default initSqlJs
}
