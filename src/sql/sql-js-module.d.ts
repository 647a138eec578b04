// sql.js as an ES module, which the build makes from the browser file of the package (a plain script).
import type { InitSqlJs } from './sql-js.ts'

declare const initSqlJs: InitSqlJs
export default initSqlJs
