// Runs everything that `npm test` promises, one stage after the other, and ends with how long each stage took and the sum of
// all results. With the names of vitest projects, only these. With `--long`, more rounds of the tests that take long.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensurePrograms } from './debian.mjs'
import { ensureNativeSqlite } from './native-sqlite.mjs'
import { ensureRuntimes } from './runtimes.mjs'

/** What `--long` asks of the tests, unless the environment says otherwise. LEARNING_STORE_LONG is for tests without rounds. */
const LONG = {
  LEARNING_STORE_LONG: 1,
  LEARNING_STORE_KILL_ROUNDS: 1000,
  LEARNING_STORE_POWER_CUTS: 200,
  LEARNING_STORE_BROWSER_KILLS: 200,
  LEARNING_STORE_BROWSER_POWER_CUTS: 50,
}
/** The projects whose tests read one of them. */
const LONG_PROJECTS = ['node', 'pages']

const { values: options, positionals: named } = parseArgs({
  options: { long: { type: 'boolean' } },
  allowPositionals: true,
})
const isComplete = named.length === 0 && !options.long
const projects = isComplete ? ['node', 'edge', 'package', 'browser', 'pages'] : named.length > 0 ? named : LONG_PROJECTS
if (options.long) {
  for (const [variable, value] of Object.entries(LONG)) process.env[variable] ??= String(value)
}

const bin = (name) => join('node_modules', '.bin', name)
const total = { passed: 0, failed: 0, skipped: 0 }
/** In the order in which the stages ran. */
const times = []

/** Runs the work of a stage and notes how long it took. */
function timed(title, work) {
  console.log(`\n== ${title}`)
  const [start, failedBefore] = [performance.now(), total.failed]
  const result = work()
  times.push({ title, seconds: (performance.now() - start) / 1000, failed: total.failed > failedBefore })
  return result
}

function step(title, command, args) {
  return timed(title, () => {
    const { status } = spawnSync(command, args, { stdio: 'inherit' })
    if (status === 0) total.passed++
    else total.failed++
    return status === 0
  })
}

function runTests(project) {
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

function printTimes() {
  const slowest = Math.max(...times.map(({ seconds }) => seconds))
  const rows = [...times, { title: 'total', seconds: times.reduce((sum, { seconds }) => sum + seconds, 0) }]
  const width = Math.max(...rows.map(({ title }) => title.length))
  console.log('\nSeconds per stage:')
  for (const { title, seconds, failed } of rows) {
    const marks = [seconds === slowest && title !== 'total' ? 'slowest' : '', failed ? 'failed' : ''].filter(Boolean)
    console.log(`  ${title.padEnd(width)} ${seconds.toFixed(1).padStart(8)}  ${marks.join(', ')}`.trimEnd())
  }
}

timed('programs and runtimes', () => {
  if (projects.includes('node')) ensureNativeSqlite()
  if (projects.includes('edge')) ensureRuntimes()
  if (projects.some((project) => project === 'browser' || project === 'pages')) {
    ensurePrograms(['chromium', 'firefox-esr', 'WebKitWebDriver', 'Xvfb'])
  }
})
if (isComplete) {
  step('format and lint', bin('biome'), ['check', '--error-on-warnings', '.'])
  step('types', bin('tsc'), ['-p', 'tsconfig.json'])
  step('types in browsers', bin('tsc'), ['-p', 'tsconfig.browser.json'])
  step('API reference', process.execPath, ['scripts/docs.mjs'])
}
if (step('build', process.execPath, ['scripts/build.mjs'])) {
  for (const project of projects) timed(`tests: ${project}`, () => runTests(project))
}

printTimes()
if (total.skipped > 0) console.log(`\nSkipped, with the reason in the title: ${total.skipped}`)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed > 0 ? 1 : 0)
