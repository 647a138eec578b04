// Makes the API reference in dist-docs/, of every entry that package.json exports, and ends with an error where TypeDoc has a
// warning. TypeDoc and the TypeScript it knows are a package of their own, docs/api, installed where its lock has changed.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'

const API = 'docs/api'
const read = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined)

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}

/** The types of every entry and condition. */
function typesOf(exported) {
  if (typeof exported === 'string') return []
  return Object.entries(exported).flatMap(([name, value]) => (name === 'types' ? [value] : typesOf(value)))
}

const modules = typesOf(read('package.json').exports).filter((path) => path.startsWith('./dist/src/'))
const entries = modules.map((path) => path.replace(/^\.\/dist\//, '').replace(/\.d\.ts$/, '.ts'))
const { '': _, ...locked } = read(`${API}/package-lock.json`).packages
if (!isDeepStrictEqual(read(`${API}/node_modules/.package-lock.json`)?.packages, locked)) {
  run('npm', ['ci', '--prefix', API, '--ignore-scripts', '--no-audit', '--no-fund'])
}
rmSync('dist-docs', { recursive: true, force: true })
// The first one has the pages of what several export: the entry that others vary, whose name is the shortest.
const options = [...new Set(entries)].sort((a, b) => a.length - b.length).flatMap((entry) => ['--entryPoints', entry])
run(process.execPath, [`${API}/node_modules/typedoc/bin/typedoc`, '--options', `${API}/typedoc.json`, ...options])
