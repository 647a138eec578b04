// Deno, Bun and the newest Node, for tests. Their install scripts, which fetch what runs here, are not run by npm ci
// (.npmrc); here they are run once. The newest Node is a package of its own: a `node` in the project's own node_modules
// would run every npm script. Beside it is what needs a newer Node than this package does.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join('tests', 'edge', 'newest-node')
const RUNTIMES = [
  { program: join('node_modules', 'deno', 'deno'), install: ['rebuild', 'deno'] },
  { program: join('node_modules', '.bin', 'bun'), install: ['rebuild', 'bun'] },
  {
    program: join(FOLDER, 'node_modules', 'node', 'bin', 'node'),
    install: ['ci', '--prefix', FOLDER],
    needs: join(FOLDER, 'node_modules', '@modelcontextprotocol', 'conformance'),
  },
]

export function ensureRuntimes() {
  for (const { program, install, needs = program } of RUNTIMES) {
    if (runs(program) && existsSync(needs)) continue
    console.log(`Installing ${program} ...`)
    const args = [...install, '--ignore-scripts=false', '--no-audit', '--no-fund']
    const { status, stdout, stderr } = spawnSync('npm', args, { encoding: 'utf8' })
    if (status === 0 && runs(program)) continue
    console.error(`${stdout}${stderr}\n${program} does not run here`)
    process.exit(1)
  }
}

function runs(program) {
  return spawnSync(program, ['--version']).status === 0
}
