import { readFileSync } from 'node:fs'
import type { Plugin } from 'esbuild'

/** The module that lies beside the package. */
export const SQLITE: Uint8Array<ArrayBuffer> = new Uint8Array(
  readFileSync(new URL('../../dist/worker/sql-wasm.wasm', import.meta.url)),
)

/** As wrangler bundles: the import of a module of WebAssembly stays, and the module goes along under this name. */
export const SQLITE_NAME = 'sql-wasm.wasm'

export const importedSqlite: Plugin = {
  name: 'imported SQLite',
  setup({ onResolve }) {
    onResolve({ filter: /\.wasm$/ }, () => ({ path: SQLITE_NAME, external: true }))
  },
}

/** As Vercel bundles: the import reads a global variable, in which the compiled module lies. */
export const SQLITE_VARIABLE = 'wasm_sqlite'

export const globalSqlite: Plugin = {
  name: 'SQLite in a variable',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: 'variable' }))
    onLoad({ filter: /.*/, namespace: 'variable' }, () => ({ contents: `export default ${SQLITE_VARIABLE}` }))
  },
}
