/**
 * Which test to run first? In each cycle of continuous integration there is time for half of the tests. An agent orders them and learns
 * from the verdicts of those that ran. All that it learns is in the store.
 *
 *   npm start                a small generated log
 *   npm start -- PATH.csv    a log in the format of RETECS
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLearningStore } from 'learning-store'
import { compare, contender } from './prioritization/compare.ts'
import {
  type Cycle,
  hasLastResults,
  InvalidLog,
  OWN_RESULTS,
  readCycles,
  type VisibleTest,
  withOwnResults,
} from './prioritization/cycles.ts'
import { learner } from './prioritization/learner.ts'
import { orderInNewProcess } from './prioritization/new-process.ts'
import { heuristic, randomOrder } from './prioritization/orders.ts'
import { lastMeanOf, meanOf, napfdText, summaryOf } from './prioritization/report.ts'
import { workload } from './prioritization/workload.ts'

const AGENT = 'risk-analyzer'
const SEED = 1
const started = performance.now()

const folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
try {
  const [, , path] = process.argv
  const read = readCycles(path === undefined ? workload(SEED) : textOf(path))
  const cycles = hasLastResults(read) ? read : withOwnResults(read)
  console.log(`Which test to run first: ${path ?? `a log generated with seed ${SEED}`}`)
  console.log(summaryOf(cycles))
  if (cycles !== read) console.log(OWN_RESULTS)
  await main(cycles, join(folder, 'learning.db'))
} catch (error) {
  if (!(error instanceof InvalidLog)) throw error
  console.error(error.message)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function main(cycles: readonly Cycle[], path: string): Promise<void> {
  const store = await openLearningStore({ storage: `file:${path}`, durability: 'relaxed' })
  const agent = await learner(store, AGENT)
  // The same agent without verdicts: the failures that it finds are not due to learning.
  const { order } = await learner(store, `${AGENT}-untaught`)
  const contenders = {
    agent: contender('agent', agent),
    random: contender('random', ...Array.from({ length: 20 }, (_, i) => randomOrder(SEED + i))),
    heuristic: contender('heuristic', heuristic),
    off: contender('learning off', { order }),
  }
  console.log('\nNAPFD, where each order gets half of the time that a cycle takes; random is the mean of 20 orders\n')
  await compare(cycles, Object.values(contenders))

  const tests = lastSeen(cycles)
  const before = (await agent.order(tests)).map((test) => tests.indexOf(test))
  const { counts } = await store.status()
  await store.close()
  const [experiences, values] = [counts.experiences.toLocaleString('en'), counts.values.toLocaleString('en')]
  console.log(`\nClosed after ${secondsSince(started)}: ${experiences} experiences and ${values} values in ${path}`)

  const closed = performance.now()
  const after = orderInNewProcess(path, AGENT, tests)
  const isIdentical = before.join() === after.join()
  console.log(`Reopened in a new process, which took ${secondsSince(closed)}`)
  console.log(`\nThe next order of all ${tests.length.toLocaleString('en')} tests, as they were last seen`)
  console.log(`  before closing    ${firstNames(tests, before)}`)
  console.log(`  after reopening   ${firstNames(tests, after)}`)
  console.log(isIdentical ? '  identical' : '  NOT identical')
  if (!isIdentical) process.exitCode = 1

  const means = Object.entries(contenders).map(([name, { scores }]) => `${name}=${napfdText(meanOf(scores))}`)
  const last = (['agent', 'heuristic'] as const).map(
    (name) => `${name}_last60=${napfdText(lastMeanOf(contenders[name].scores))}`,
  )
  console.log(`\nNAPFD ${[...means, ...last].join(' ')}`)
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new InvalidLog(`Expected the path of a log, got ${path}: ${(error as Error).message}`, { cause: error })
  }
}

/** Every test as it was in its latest cycle. */
function lastSeen(cycles: readonly Cycle[]): VisibleTest[] {
  const seen = cycles.flatMap(({ tests }) => tests).map((test) => [test.name, test] as const)
  return [...new Map(seen).values()]
}

function firstNames(tests: readonly VisibleTest[], order: readonly number[]): string {
  return `${order
    .slice(0, 8)
    .map((i) => tests[i]?.name)
    .join(' ')} ...`
}

function secondsSince(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`
}
