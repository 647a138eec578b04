import type { Cycle } from './cycles.ts'
import type { Prioritizer } from './prioritizer.ts'
import { lastMeanOf, lineOf, meanOf, napfdText } from './report.ts'
import { runCycle } from './scoring.ts'

const BLOCKS = 8

/** A way to order tests, and its scores. */
export interface Contender {
  readonly title: string
  /** The score is the mean of their scores. */
  readonly prioritizers: readonly Prioritizer[]
  readonly scores: (number | undefined)[]
}

export function contender(title: string, ...prioritizers: Prioritizer[]): Contender {
  return { title, prioritizers, scores: [] }
}

/** Runs every cycle with each contender, and prints their scores by blocks of cycles. */
export async function compare(cycles: readonly Cycle[], contenders: readonly Contender[]): Promise<void> {
  const print = (title: string, cellOf: (contender: Contender) => string): void => {
    console.log(lineOf(title, contenders.map(cellOf)))
  }
  print('cycles', ({ title }) => title)
  const length = Math.ceil(cycles.length / BLOCKS)
  for (let start = 0; start < cycles.length; start += length) {
    const block = cycles.slice(start, start + length)
    for (const cycle of block) {
      for (const { prioritizers, scores } of contenders) scores.push(await meanScore(cycle, prioritizers))
    }
    print(`${block.at(0)?.number} - ${block.at(-1)?.number}`, ({ scores }) => napfdText(meanOf(scores.slice(start))))
  }
  print('all', ({ scores }) => napfdText(meanOf(scores)))
  print('last 60', ({ scores }) => napfdText(lastMeanOf(scores)))
}

async function meanScore(cycle: Cycle, prioritizers: readonly Prioritizer[]): Promise<number | undefined> {
  const scores: (number | undefined)[] = []
  for (const prioritizer of prioritizers) scores.push(await runCycle(cycle, prioritizer))
  return meanOf(scores)
}
