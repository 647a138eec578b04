// Fills dist/ with modules compiled one to one from src/, so that `new URL(..., import.meta.url)` stays true.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'

const projects = ['tsconfig.build.json', ...process.argv.slice(2)]
rmSync('dist', { recursive: true, force: true })
for (const project of projects) {
  const { status } = spawnSync(join('node_modules', '.bin', 'tsc'), ['-p', project], { stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}
