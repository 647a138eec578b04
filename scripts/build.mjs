// Fills dist/ with modules compiled one to one from src/ and worker/, so that `new URL(..., import.meta.url)` stays true, puts
// SQLite beside the workers and bundles those of browsers; then the projects that are named as arguments.
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleWorkers } from './worker-bundle.mjs'

for (const project of ['tsconfig.build.json', ...process.argv.slice(2)]) {
  rmSync(JSON.parse(readFileSync(project, 'utf8')).compilerOptions.outDir, { recursive: true, force: true })
  const { status } = spawnSync(join('node_modules', '.bin', 'tsc'), ['-p', project], { stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}

// sql.js has no ES module, and a worker that is not bundled can load nothing else.
const sqlJs = join('node_modules', 'sql.js', 'dist')
const { version, license } = JSON.parse(readFileSync(join('node_modules', 'sql.js', 'package.json'), 'utf8'))
const glue = readFileSync(join(sqlJs, 'sql-wasm-browser.js'), 'utf8').replace(/^\/\/# sourceMappingURL.*$/m, '')
const note = `// sql.js ${version}, ${license} licensed, https://github.com/sql-js/sql.js, as an ES module.`
// The glue looks for a CommonJS loader, and assigns to `module`; and for its own address, which not every runtime has.
const scope = "let module, exports\nconst self = globalThis.location ? globalThis : { location: { href: '' } }"
const module = `${note}\n${scope}\n${glue}\nexport default initSqlJs\n`
writeFileSync(join('dist', 'src', 'sql', 'sql-js-module.js'), module)
copyFileSync(join(sqlJs, 'sql-wasm-browser.wasm'), join('dist', 'worker', 'sql-wasm.wasm'))
copyFileSync(join('worker', 'sql-wasm.wasm.d.ts'), join('dist', 'worker', 'sql-wasm.wasm.d.ts'))
chmodSync(join('dist', 'worker', 'sql-wasm.wasm'), 0o644)
chmodSync(join('dist', 'src', 'cli', 'main.js'), 0o755)
await bundleWorkers()
