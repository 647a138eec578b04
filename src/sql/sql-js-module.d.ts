// sql.js as an ES module: the build makes it of the package's file for browsers, which is none.
import type { InitSqlJs } from './sql-js.ts'

declare const initSqlJs: InitSqlJs
export default initSqlJs
