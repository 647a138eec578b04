import { StoreError } from '../../errors.ts'
import { type Engine, loadEngine } from '../../sql/engine.ts'
import initSqlJs from '../../sql/sql-js-module.js'
import { wasmModule } from './wasm.ts'

let loading: Promise<Engine> | undefined

/**
 * SQLite, loaded once per thread. A module that did not arrive is fetched again by the next caller; one that does not
 * start never will in this thread. Rejects with WORKER_LOST.
 */
export function browserEngine(wasmUrl?: string | URL): Promise<Engine> {
  loading ??= load(wasmUrl)
  return loading
}

async function load(wasmUrl: string | URL | undefined): Promise<Engine> {
  let module: WebAssembly.Module | undefined
  try {
    module = await wasmModule(wasmUrl)
    return await loadEngine(initSqlJs, module)
  } catch (cause) {
    if (!module) loading = undefined
    if (cause instanceof StoreError) throw cause
    // A script that is no module does not know where it is.
    throw new StoreError('WORKER_LOST', `SQLite did not start: ${cause}. Set \`wasmUrl\`.`, { cause })
  }
}
