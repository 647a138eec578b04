/**
 * Reproduces published results with a store, and prints them beside the published figures as a table in Markdown. Ends with status 1 if
 * a figure is outside its tolerance.
 *
 *   npm run verify
 */
import { join } from 'node:path'
import { openLearningStore } from 'learning-store'
import { REGRETS, TESTBED } from './known-results/bandits.ts'
import { EXACT } from './known-results/exact.ts'
import { LEARNED } from './known-results/learned.ts'
import { NEVER_RECURRING } from './known-results/never-recurring.ts'
import { queriesIn, routing } from './known-results/routing.ts'
import { isWithin, type Row, titleOf } from './known-results/row.ts'

/** Not tuned. */
const SEED = 1

console.log('| result | published | expected, tolerance | ours |\n|---|---|---|---|')
/** Rows on data that is not part of this repository are left out where there is none. */
const queries = queriesIn(join(process.env.LEARNING_STORE_DATA ?? '.', 'clinc150-routing.csv'))
const ROUTING = queries ? [routing(queries)] : []

for (const row of [...EXACT, ...LEARNED, ...TESTBED, ...REGRETS, ...NEVER_RECURRING, ...ROUTING]) {
  const ours = await row.measure(() => openLearningStore({ storage: 'memory:', seed: SEED }), row.runs ?? 1)
  if (!isWithin(row, ours)) process.exitCode = 1
  console.log(
    `| ${titleOf(row)} | ${row.published} | ${bounds(row)} | ${shown(ours)}${isWithin(row, ours) ? '' : ' **off**'} |`,
  )
}

function bounds({ expected, tolerance }: Row): string {
  return tolerance === 0 ? shown(expected) : `${shown(expected)} +- ${Number(tolerance.toPrecision(2))}`
}

function shown(numbers: readonly number[]): string {
  return numbers.map((x) => Number(x.toFixed(6))).join(', ')
}
