// better-sqlite3 is the native SQLite that tests and benchmarks compare with. Its install script is not run by npm ci
// (.npmrc), so that the package installs and starts on a machine without a compiler; here it is built once.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { ensurePrograms } from './debian.mjs'

export function ensureNativeSqlite() {
  if (loads()) return
  ensurePrograms(['python3', 'make', 'g++'])
  console.log('Building better-sqlite3 ...')
  const { status, stdout, stderr } = spawnSync('npm', ['rebuild', 'better-sqlite3', '--ignore-scripts=false'], {
    encoding: 'utf8',
  })
  if (status === 0 && loads()) return
  console.error(`${stdout}${stderr}\nbetter-sqlite3 does not build here`)
  process.exit(1)
}

/** In a process of its own: a module that failed to load once fails for ever. */
function loads() {
  const path = createRequire(import.meta.url).resolve('better-sqlite3')
  return spawnSync(process.execPath, ['-e', `new (require(${JSON.stringify(path)}))(':memory:')`]).status === 0
}
