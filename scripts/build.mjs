// Fills dist/ with modules compiled one to one from src/ and worker/, so that `new URL(..., import.meta.url)` stays true,
// and puts the WebAssembly module beside the workers; then the projects that are named as arguments.
import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

for (const project of ['tsconfig.build.json', ...process.argv.slice(2)]) {
  rmSync(JSON.parse(readFileSync(project, 'utf8')).compilerOptions.outDir, { recursive: true, force: true })
  const { status } = spawnSync(join('node_modules', '.bin', 'tsc'), ['-p', project], { stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}
copyFileSync(join('node_modules', 'sql.js', 'dist', 'sql-wasm-browser.wasm'), join('dist', 'worker', 'sql-wasm.wasm'))
