/**
 * Reproduces published results with a store, and prints them beside the published figures as a table in Markdown. Ends with status 1 if
 * a figure is outside its tolerance.
 *
 *   npm run verify
 */
import { openLearningStore } from 'learning-store'
import { REGRETS, TESTBED } from './known-results/bandits.ts'
import { EXACT } from './known-results/exact.ts'
import { LEARNED } from './known-results/learned.ts'
import { isWithin, type Row, titleOf } from './known-results/row.ts'
import { UNSEEN } from './known-results/unseen-states.ts'

/** Not tuned. */
const SEED = 1

console.log('| result | published | expected, tolerance | ours |\n|---|---|---|---|')
for (const row of [...EXACT, ...LEARNED, ...TESTBED, ...REGRETS, ...UNSEEN]) {
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
