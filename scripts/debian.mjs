// Programs that tests and benchmarks need besides Node, and the Debian packages that have them.
import { spawnSync } from 'node:child_process'

const PACKAGES = {
  python3: 'python3',
  make: 'make',
  'g++': 'g++',
  chromium: 'chromium',
  'firefox-esr': 'firefox-esr',
  WebKitWebDriver: 'webkit2gtk-driver',
  Xvfb: 'xvfb',
}

/** Installs what is missing where that is allowed; else names the command that does, and ends the process. */
export function ensurePrograms(programs) {
  const missing = programs.filter((program) => spawnSync('which', [program]).status !== 0)
  if (missing.length === 0) return
  const names = missing.map((program) => PACKAGES[program]).join(' ')
  const command = `apt-get update && apt-get install -y --no-install-recommends ${names}`
  if (process.getuid?.() !== 0 || spawnSync('which', ['apt-get']).status !== 0) {
    console.error(`Needed here: ${missing.join(', ')}. On Debian: sudo sh -c '${command}'`)
    process.exit(1)
  }
  console.log(`Installing ${names} ...`)
  const { status } = spawnSync('sh', ['-c', command], { stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}
