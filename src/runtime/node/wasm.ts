import { readFile } from 'node:fs/promises'

/** The SQLite module, from the file beside the workers. */
export async function wasmFile(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(new URL('../../../worker/sql-wasm.wasm', import.meta.url)))
}
