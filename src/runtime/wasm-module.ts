import type { WasmModule } from '../sql/sql-js.ts'

/** Also if it was compiled in another realm. */
export function isModule(wasm: unknown): wasm is WasmModule {
  return Object.prototype.toString.call(wasm) === '[object WebAssembly.Module]'
}
