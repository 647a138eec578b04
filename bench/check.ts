import { type Comparison, compare, type Ratios, readBaseline, writeBaseline } from './baseline.ts'
import { alternate, type Row, type Rows } from './measure.ts'
import { median } from './median.ts'
import type { BenchOptions } from './options.ts'
import { rotated } from './rotated.ts'
import { learningRows } from './rows/learning.ts'
import { linearRows } from './rows/linear.ts'
import { openingRows } from './rows/opening.ts'
import { patternRows } from './rows/patterns.ts'
import { testPatternRows } from './rows/test-patterns.ts'
import { figure, ratio, table } from './table.ts'

/** In memory only: the ratio of a row in a file depends on the disk. */
const GROUPS: readonly (() => Rows | Promise<Rows>)[] = [
  patternRows,
  testPatternRows,
  learningRows,
  linearRows,
  openingRows,
]
const ROUNDS = 7
/** For a baseline, and for rows that failed: few rows, so that it takes no longer. */
const MANY_ROUNDS = 2 * ROUNDS
/** About how long the calls of a row take in a round. Many rounds with few calls: the median leaves out disturbed rounds. */
const ROUND_MS = 100
/** The share of a row's samples: the least for slow rows, the most as in a whole benchmark. */
const EFFORT = { least: 0.05, most: 0.6 }

/**
 * Compares the ratio of this store to bare sql.js, in each row that both enter, with the ratio in bench/baseline.json. A row
 * whose ratio is more than 25 % worse is measured again; if it fails again, the process ends with exit code 1. With
 * `update` the ratios are stored instead.
 */
export async function benchCheck({ update }: Pick<BenchOptions, 'update'>): Promise<void> {
  const started = performance.now()
  if (update) {
    const measured = await measureRatios(MANY_ROUNDS)
    writeBaseline(measured)
    const rows = [...measured].map(([operation, value]) => [operation, figure(value)])
    console.log(table(['operation', 'ours/bare'], rows))
  } else {
    const comparisons = await compareTwice(readBaseline())
    printComparisons(comparisons)
    if (comparisons.some(({ passed }) => !passed)) process.exitCode = 1
  }
  console.log(`\nDone in ${((performance.now() - started) / 1000).toFixed(0)} s.`)
}

/** For a row that failed at first the second measurement counts. */
async function compareTwice(baseline: Ratios): Promise<Comparison[]> {
  const first = await measureRatios(ROUNDS)
  const failed = compare(first, baseline).filter(
    ({ operation, passed }) => !passed && baseline.has(operation) && first.has(operation),
  )
  if (failed.length === 0) return compare(first, baseline)
  console.log('Measured again, because another program may have disturbed it:')
  for (const one of failed) console.log(describe(one))
  console.log()
  const second = await measureRatios(MANY_ROUNDS, new Set(failed.map(({ operation }) => operation)))
  return compare(new Map([...first, ...second]), baseline)
}

/** @param only operations of the rows to measure; all rows by default. */
async function measureRatios(rounds: number, only?: ReadonlySet<string>): Promise<Ratios> {
  const found: [string, number][] = []
  for (const open of GROUPS) {
    const group = await open()
    try {
      const rows = group.rows.flatMap(againstBare).filter(({ operation }) => only?.has(operation) ?? true)
      found.push(...(await ratiosOf(rows, rounds)))
    } finally {
      await group.close?.()
    }
  }
  return new Map(found)
}

/** The row without its other contenders; nothing if bare sql.js does not enter it. */
function againstBare(row: Row): Row[] {
  const { ours, bare } = row.entrants
  return ours && bare ? [{ ...row, entrants: { ours, bare } }] : []
}

/** The median over all rounds of the ratio in a round, in which both were measured one right after the other. */
async function ratiosOf(rows: readonly Row[], rounds: number): Promise<[string, number][]> {
  const found: { readonly row: Row; readonly effort: number; readonly ratios: number[] }[] = []
  for (const row of rows) found.push({ row, effort: await effortOf(row), ratios: [] })
  for (let round = 0; round < rounds && found.length > 0; round++) {
    for (const { row, effort, ratios } of rotated(found, round)) {
      const { ours, bare } = await measureOnce(row, effort)
      ratios.push(ours / bare)
    }
  }
  return found.map(({ row, ratios }) => [row.operation, median(ratios)])
}

/** Measured in a round that does not count and warms up. */
async function effortOf(row: Row): Promise<number> {
  const { ours, bare } = await measureOnce(row, EFFORT.least)
  return Math.min(EFFORT.most, Math.max(EFFORT.least, ROUND_MS / (row.samples * row.batch * (ours + bare))))
}

/** Medians of one call in ms. */
async function measureOnce(row: Row, effort: number): Promise<{ readonly ours: number; readonly bare: number }> {
  const [measured] = await alternate({ rows: [row] }, 1, effort)
  return { ours: measured?.medians.ours ?? Number.NaN, bare: measured?.medians.bare ?? Number.NaN }
}

function printComparisons(comparisons: readonly Comparison[]): void {
  const rows = comparisons.map(({ operation, stored, allowed, measured, passed }) => [
    operation,
    figure(stored),
    figure(allowed),
    figure(measured),
    ratio(measured, stored),
    passed ? 'yes' : 'no',
  ])
  console.log(table(['operation', 'stored', 'allowed', 'measured', 'measured/stored', 'passed'], rows))
  const failed = comparisons.filter(({ passed }) => !passed)
  if (failed.length > 0) console.log(`\n${failed.map(describe).join('\n')}`)
}

function describe({ operation, measured, stored, allowed }: Comparison): string {
  if (stored === undefined) return `${operation}: measured ${figure(measured)}, no ratio stored`
  return `${operation}: measured ${figure(measured)}, allowed ${figure(allowed)}`
}
