// Fills dist/ with modules compiled one to one from src/ and worker/, so that `new URL(..., import.meta.url)` stays true, puts
// SQLite beside the workers and bundles those of browsers; then the projects that are named as arguments.
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeSqlite } from './sqlite.mjs'
import { bundleWorkers } from './worker-bundle.mjs'

for (const project of ['tsconfig.build.json', ...process.argv.slice(2)]) {
  const { outDir } = JSON.parse(readFileSync(project, 'utf8')).compilerOptions
  rmSync(outDir, { recursive: true, force: true })
  const { status } = spawnSync(join('node_modules', '.bin', 'tsc'), ['-p', project], { stdio: 'inherit' })
  if (status !== 0) process.exit(1)
  if (existsSync(join(outDir, 'src'))) writeSqlite(outDir)
}

copyFileSync(join('worker', 'sql-wasm.wasm.d.ts'), join('dist', 'worker', 'sql-wasm.wasm.d.ts'))
chmodSync(join('dist', 'src', 'cli', 'main.js'), 0o755)
await bundleWorkers()
