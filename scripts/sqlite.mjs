// sql.js as this package has it: its glue as an ES module, and its WebAssembly module beside the workers. sql.js itself has no ES
// module: a worker that is not bundled could not load it, and bundlers for Node leave `require` in its CommonJS.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const sqlJs = join(import.meta.dirname, '..', 'node_modules', 'sql.js')

/** Writes both where the compiled modules, or the sources, find them. @param root the folder with `src` and `worker` */
export function writeSqlite(root) {
  const wasm = join(root, 'worker', 'sql-wasm.wasm')
  mkdirSync(join(root, 'worker'), { recursive: true })
  update(join(root, 'src', 'sql', 'sql-js-module.js'), Buffer.from(glueModule()))
  update(wasm, readFileSync(join(sqlJs, 'dist', 'sql-wasm-browser.wasm')))
  chmodSync(wasm, 0o644)
}

function glueModule() {
  const { version, license } = JSON.parse(readFileSync(join(sqlJs, 'package.json'), 'utf8'))
  const glue = readFileSync(join(sqlJs, 'dist', 'sql-wasm-browser.js'), 'utf8')
  const note = `// sql.js ${version}, ${license} licensed, https://github.com/sql-js/sql.js, as an ES module.`
  // The glue looks for a CommonJS loader, and assigns to `module`; and for its own address, which not every runtime has.
  const scope = "let module, exports\nconst self = globalThis.location ? globalThis : { location: { href: '' } }"
  return `${note}\n${scope}\n${glue.replace(/^\/\/# sourceMappingURL.*$/m, '')}\nexport default initSqlJs\n`
}

/** Leaves a file with the same bytes alone: tests may be reading it. */
function update(path, bytes) {
  if (!existsSync(path) || !readFileSync(path).equals(bytes)) writeFileSync(path, bytes)
}
