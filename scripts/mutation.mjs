// Mutation testing of the folders that are named in tests/mutation/folders.mjs, or of those that are given. Fails where less than
// 85 % of the mutants are noticed, besides those that tests/mutation/equivalent.json explains. Stryker needs a newer Node than this
// package does, so both are a package of their own.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDERS } from '../tests/mutation/folders.mjs'

const PACKAGE = join('tests', 'mutation')
const NODE = join(PACKAGE, 'node_modules', 'node', 'bin', 'node')
const STRYKER = join(PACKAGE, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js')
const LEAST_SCORE = 85

/** Mutants that change nothing that a caller can see: file, the mutated text, its replacement, and the reason. */
const equivalent = JSON.parse(readFileSync(join(PACKAGE, 'equivalent.json'), 'utf8'))
const named = process.argv.slice(2)
const unknown = named.filter((name) => !(name in FOLDERS))
if (unknown.length > 0) {
  console.error(`Expected some of ${Object.keys(FOLDERS).join(', ')}, got ${unknown.join(', ')}`)
  process.exit(1)
}

function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  if (status !== 0) process.exit(status ?? 1)
}

/** The text of a source between two positions, which count from 1. */
function textAt(source, { start, end }) {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1)
  lines[0] = lines[0].slice(start.column - 1)
  return lines.join('\n')
}

/** The score of a report in percent, and the mutants that lived on. */
function scoreOf({ files }) {
  let noticed = 0
  const alive = []
  for (const [file, { source, mutants }] of Object.entries(files)) {
    for (const { status, location, replacement } of mutants) {
      if (status === 'Killed' || status === 'Timeout') noticed++
      if (status !== 'Survived' && status !== 'NoCoverage') continue
      const mutated = textAt(source, location)
      const isEquivalent = equivalent.some(
        (known) => known.file === file && known.mutated === mutated && known.replacement === replacement,
      )
      if (!isEquivalent) alive.push({ file, line: location.start.line, mutated, replacement })
    }
  }
  const all = noticed + alive.length
  return { score: all === 0 ? 0 : (100 * noticed) / all, noticed, all, alive }
}

if (!existsSync(NODE)) run('npm', ['ci', '--prefix', PACKAGE, '--ignore-scripts=false', '--no-audit', '--no-fund'])
let isEnough = true
for (const folder of named.length > 0 ? named : Object.keys(FOLDERS)) {
  run(NODE, [STRYKER, 'run', join(PACKAGE, 'stryker.config.mjs')], { LEARNING_STORE_MUTATION: folder })
  const report = JSON.parse(readFileSync(join('reports', 'mutation', `${folder}.json`), 'utf8'))
  const { score, noticed, all, alive } = scoreOf(report)
  for (const { file, line, mutated, replacement } of alive) {
    console.log(`Alive: ${file}:${line} ${JSON.stringify(mutated)} -> ${JSON.stringify(replacement)}`)
  }
  console.log(`${folder}: ${score.toFixed(1)} % (${noticed} of ${all} mutants noticed)`)
  if (score < LEAST_SCORE) isEnough = false
}
if (!isEnough) console.error(`Expected at least ${LEAST_SCORE} % in each folder`)
process.exit(isEnough ? 0 : 1)
