import type { WasmModule } from '../src/sql/sql-js.ts'

declare const module: WasmModule
export default module
