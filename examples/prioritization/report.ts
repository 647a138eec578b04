import type { Cycle } from './cycles.ts'

/** One score per cycle; undefined if the cycle had no failure. */
export type Scores = readonly (number | undefined)[]

const WIDTH = 14

/** The mean of the defined scores; undefined if there are none. */
export function meanOf(scores: Scores): number | undefined {
  const known = knownOf(scores)
  return known.length === 0 ? undefined : known.reduce((sum, score) => sum + score, 0) / known.length
}

/** The number of scores for `lastMeanOf`. */
export const LAST = 60

/** The mean of the last scores. */
export function lastMeanOf(scores: Scores): number | undefined {
  return meanOf(knownOf(scores).slice(-LAST))
}

export function napfdText(score: number | undefined): string {
  return score?.toFixed(3) ?? '-'
}

/** A line of a table. */
export function lineOf(title: string, cells: readonly string[]): string {
  return title.padEnd(WIDTH) + cells.map((cell) => cell.padStart(WIDTH)).join('')
}

export function summaryOf(cycles: readonly Cycle[]): string {
  const tests = cycles.flatMap((cycle) => cycle.tests)
  const failed = cycles.flatMap((cycle) => [...cycle.verdicts.values()]).filter((verdict) => verdict === 1)
  const names = new Set(tests.map(({ name }) => name))
  const [executions, failures, different] = [tests, failed, [...names]].map(({ length }) => length.toLocaleString('en'))
  return `${executions} executions of ${different} tests in ${cycles.length} cycles, ${failures} failed`
}

function knownOf(scores: Scores): number[] {
  return scores.filter((score) => score !== undefined)
}
