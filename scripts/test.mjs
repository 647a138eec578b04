// Runs everything that `npm test` promises, and ends with how long each stage took and the sum of all results. With the names of
// vitest projects, only these. With `--long`, more rounds of the tests that take long.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
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
  LEARNING_STORE_LEAVES: 45,
}
const SLOWEST_FILES = 15
const LINES_OF_REASON = 20
/** The projects whose tests read one of them. */
const LONG_PROJECTS = ['node', 'pages']

const { values: options, positionals: named } = parseArgs({
  options: { long: { type: 'boolean' } },
  allowPositionals: true,
})
const isComplete = named.length === 0 && !options.long
const projects = isComplete ? ['node', 'edge', 'package', 'pages', 'browser'] : named.length > 0 ? named : LONG_PROJECTS
if (options.long) {
  for (const [variable, value] of Object.entries(LONG)) process.env[variable] ??= String(value)
}

const bin = (name) => join('node_modules', '.bin', name)
const total = { passed: 0, failed: 0, skipped: 0 }
/** In the order in which the stages ran. */
const times = []
/** What failed, with its reasons: the output of a test run is too long to look for it there. */
const failures = []
/** How long each test file took. */
const files = []

/** Runs the work of a stage, which resolves with whether it passed, and notes how long it took. */
async function timed(title, work) {
  console.log(`\n== ${title}`)
  const start = performance.now()
  const passed = await work()
  times.push({ title, seconds: (performance.now() - start) / 1000, failed: !passed })
  return passed
}

function step(title, command, args) {
  return timed(title, () => {
    const { status } = spawnSync(command, args, { stdio: 'inherit' })
    if (status === 0) total.passed++
    else total.failed++
    return status === 0
  })
}

/** @param live whether the output appears at once; otherwise at the end, as a whole. */
async function runTests(project, live) {
  const folder = mkdtempSync(join(tmpdir(), 'learning-store-test-'))
  const [report, log] = [join(folder, 'vitest.json'), join(folder, 'output')]
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const output = live ? 'inherit' : openSync(log, 'w')
  const args = ['run', '--project', project, ...reporters]
  const [status] = await once(spawn(bin('vitest'), args, { stdio: ['ignore', output, output] }), 'close')
  const counts = existsSync(report)
    ? JSON.parse(readFileSync(report, 'utf8'))
    : { numPassedTests: 0, numFailedTests: 1, testResults: [] }
  total.passed += counts.numPassedTests
  total.failed += counts.numFailedTests
  total.skipped += counts.numPendingTests ?? 0
  // A suite that does not even load has no failed test.
  if (status !== 0 && counts.numFailedTests === 0) total.failed++
  for (const { name, startTime, endTime, message, assertionResults } of counts.testResults) {
    const file = `${project}: ${relative('.', name)}`
    files.push({ title: file, seconds: (endTime - startTime) / 1000 })
    if (message) failures.push({ title: file, reasons: [message] })
    for (const { status, fullName, failureMessages } of assertionResults) {
      if (status === 'failed') failures.push({ title: `${file} > ${fullName}`, reasons: failureMessages })
    }
  }
  if (!live) {
    closeSync(output)
    console.log(`\n== output of the tests: ${project}`)
    process.stdout.write(readFileSync(log))
  }
  rmSync(folder, { recursive: true, force: true })
  return status === 0
}

function printFailures() {
  for (const { title, reasons } of failures) {
    console.log(`\nFailed: ${title}`)
    for (const reason of reasons) {
      // What vitest reports of a test that took longer than its timeout.
      const isOutOfTime = reason.startsWith('Error: STACK_TRACE_ERROR')
      console.log(isOutOfTime ? 'It ran out of time.' : reason.split('\n').slice(0, LINES_OF_REASON).join('\n'))
    }
  }
}

function printSlowestFiles() {
  console.log('\nSeconds of the slowest test files:')
  const slowest = files.sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST_FILES)
  for (const { title, seconds } of slowest) console.log(`  ${seconds.toFixed(1).padStart(8)}  ${title}`)
}

/** Runs the projects of each lane one after the other. Those of the second wait for browsers, which leaves a core idle. */
async function runLanes(lanes) {
  const run = async (lane, live) => {
    for (const project of lane) await timed(`tests: ${project}`, () => runTests(project, live))
  }
  await Promise.all(lanes.map((lane, i) => run(lane, i === 0)))
}

function printTimes() {
  const slowest = Math.max(...times.map(({ seconds }) => seconds))
  // Less than the sum, because two lanes of tests run at the same time.
  const rows = [...times, { title: 'total', seconds: (performance.now() - start) / 1000 }]
  const width = Math.max(...rows.map(({ title }) => title.length))
  console.log('\nSeconds per stage:')
  for (const { title, seconds, failed } of rows) {
    const marks = [seconds === slowest && title !== 'total' ? 'slowest' : '', failed ? 'failed' : ''].filter(Boolean)
    console.log(`  ${title.padEnd(width)} ${seconds.toFixed(1).padStart(8)}  ${marks.join(', ')}`.trimEnd())
  }
}

const start = performance.now()
await timed('programs and runtimes', () => {
  if (projects.includes('node')) ensureNativeSqlite()
  if (projects.includes('edge')) ensureRuntimes()
  if (projects.some((project) => project === 'browser' || project === 'pages')) {
    ensurePrograms(['chromium', 'firefox-esr', 'WebKitWebDriver', 'Xvfb'])
  }
  return true
})
if (isComplete) {
  await step('format and lint', bin('biome'), ['check', '--error-on-warnings', '.'])
  await step('types', bin('tsc'), ['-p', 'tsconfig.json'])
  await step('types in browsers', bin('tsc'), ['-p', 'tsconfig.browser.json'])
  await step('API reference', process.execPath, ['scripts/docs.mjs'])
}
if (await step('build', process.execPath, ['scripts/build.mjs'])) {
  await runLanes(
    isComplete
      ? [
          ['node', 'edge'],
          ['pages', 'browser', 'package'],
        ]
      : [projects],
  )
}

if (files.length > 0) printSlowestFiles()
printTimes()
printFailures()
if (total.skipped > 0) console.log(`\nSkipped, with the reason in the title: ${total.skipped}`)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed > 0 ? 1 : 0)
