// Everything that `npm test` promises, one step after the other; ends with the sum of all of them. With the names of
// vitest projects, only these.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensurePrograms } from './debian.mjs'
import { ensureNativeSqlite } from './native-sqlite.mjs'
import { ensureRuntimes } from './runtimes.mjs'

const bin = (name) => join('node_modules', '.bin', name)
const total = { passed: 0, failed: 0, skipped: 0 }
const chosen = process.argv.slice(2)
const projects = chosen.length > 0 ? chosen : ['node', 'edge', 'package', 'browser', 'pages']

function step(title, command, args) {
  console.log(`\n== ${title}`)
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  if (status === 0) total.passed++
  else total.failed++
  return status === 0
}

function runTests(project) {
  console.log(`\n== tests: ${project}`)
  const folder = mkdtempSync(join(tmpdir(), 'learning-store-test-'))
  const report = join(folder, 'vitest.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { status } = spawnSync(bin('vitest'), ['run', '--project', project, ...reporters], { stdio: 'inherit' })
  const counts = existsSync(report)
    ? JSON.parse(readFileSync(report, 'utf8'))
    : { numPassedTests: 0, numFailedTests: 1 }
  total.passed += counts.numPassedTests
  total.failed += counts.numFailedTests
  total.skipped += counts.numPendingTests ?? 0
  // A suite that does not even load has no failed test.
  if (status !== 0 && counts.numFailedTests === 0) total.failed++
  rmSync(folder, { recursive: true, force: true })
}

if (projects.includes('node')) ensureNativeSqlite()
if (projects.includes('edge')) ensureRuntimes()
if (projects.some((project) => project === 'browser' || project === 'pages')) {
  ensurePrograms(['chromium', 'firefox-esr', 'WebKitWebDriver', 'Xvfb'])
}
if (chosen.length === 0) {
  step('format and lint', bin('biome'), ['check', '--error-on-warnings', '.'])
  step('types', bin('tsc'), ['-p', 'tsconfig.json'])
  step('types in browsers', bin('tsc'), ['-p', 'tsconfig.browser.json'])
}
if (chosen.length === 0) step('API reference', process.execPath, ['scripts/docs.mjs'])
if (step('build', process.execPath, ['scripts/build.mjs'])) projects.forEach(runTests)

if (total.skipped > 0) console.log(`\nSkipped, with the reason in the title: ${total.skipped}`)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed > 0 ? 1 : 0)
