import initSqlJs from '../sql/browser-sql-js.js'
import { type Engine, loadEngine } from '../sql/engine.ts'
import { wasmModule } from './wasm.ts'

let loading: Promise<Engine> | undefined

/** SQLite, once for the thread. A load that failed is tried anew by the next who asks. Rejects with WORKER_LOST. */
export function browserEngine(wasmUrl?: string | URL): Promise<Engine> {
  if (loading) return loading
  const mine = wasmModule(wasmUrl).then((module) => loadEngine(initSqlJs, module))
  loading = mine
  mine.catch(() => {
    loading = undefined
  })
  return mine
}
