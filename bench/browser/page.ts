import { alternate, type Times } from './contest.ts'
import { type ContestName, contests } from './contests.ts'
import type { WorkerKind } from './peer.ts'

/** What the driver asks this page to measure. */
export interface Order {
  readonly contest: ContestName
  readonly worker: WorkerKind
  readonly rounds: number
  readonly effort: number
  readonly many: number
}

/** What the driver finds in this page. */
export interface BenchPage {
  readonly isClockFine: boolean
  measure(order: Order): Promise<Times>
}

const bench: BenchPage = {
  isClockFine: crossOriginIsolated,
  measure: async ({ contest, worker, rounds, effort, many }) =>
    alternate(await contests[contest](worker, many), rounds, effort),
}
Object.assign(globalThis, { bench })
