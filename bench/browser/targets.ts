import { median, p95 } from '../median.ts'
import type { Times } from './contest.ts'
import type { ContestName } from './contests.ts'

/** Two contenders of one contest, one of them ours, and how many times what the other takes ours may take, if anything was asked. */
export interface Target {
  readonly contest: ContestName
  readonly operation: string
  readonly ours: string
  readonly peer: string
  readonly against: string
  readonly most?: number
}

const AWAITED = { contest: 'awaited', operation: 'one awaited learn', peer: 'call', against: 'a Comlink call' } as const
const RESTED = {
  contest: 'rested',
  operation: 'one learn after 20 ms of rest',
  peer: 'call',
  against: 'a Comlink call',
} as const
const AT_ONCE = {
  contest: 'atOnce',
  operation: '1,000 learn in one tick, per call',
  peer: 'call',
  against: '1,000 Comlink calls at once',
} as const
const SYNCHRONOUS = { ours: 'memory', peer: 'synchronous', against: 'Comlink to the synchronous store' } as const
const STRICT = { contest: 'strict', operation: 'one awaited learn, strict', ours: 'strict' } as const

export const TARGETS: readonly Target[] = [
  { ...AWAITED, ours: 'relaxed', most: 1.3 },
  { ...AWAITED, ours: 'memory', operation: `${AWAITED.operation}, kept nowhere`, most: 1.3 },
  { ...AWAITED, ...SYNCHRONOUS, operation: `${AWAITED.operation}, kept nowhere` },
  { ...RESTED, ours: 'relaxed', most: 1.3 },
  { ...RESTED, ours: 'memory', operation: `${RESTED.operation}, kept nowhere`, most: 1.3 },
  { ...RESTED, ...SYNCHRONOUS, operation: `${RESTED.operation}, kept nowhere` },
  { ...AT_ONCE, ours: 'relaxed', most: 0.25 },
  { ...AT_ONCE, ours: 'memory', operation: `${AT_ONCE.operation}, kept nowhere`, most: 0.25 },
  { ...AT_ONCE, ...SYNCHRONOUS, operation: `${AT_ONCE.operation}, kept nowhere` },
  { ...STRICT, peer: 'callAndPut', against: 'a Comlink call that awaits a strict put', most: 1.6 },
  { ...STRICT, peer: 'put', against: 'a strict put alone, timed inside the worker', most: 1.6 },
  {
    contest: 'growth',
    operation: 'one awaited learn, strict, many stored',
    ours: 'many',
    peer: 'few',
    against: 'the same with 1,000 stored',
    most: 1.2,
  },
]

/** ms for one call. */
export interface Figures {
  /** The median of the rounds' medians. */
  readonly median: number
  /** Over all rounds. */
  readonly p95: number
}

export interface Measured extends Target {
  readonly worker: string
  readonly figures: { readonly ours: Figures; readonly peer: Figures }
  /** Of the medians. */
  readonly ratio: number
  /** Undefined where nothing was asked. */
  readonly met: boolean | undefined
}

/** What the times of a contest say of its targets. */
export function judged(contest: ContestName, worker: string, times: Times): Measured[] {
  return TARGETS.filter((target) => target.contest === contest).map((target) => {
    const [ours, peer] = [figuresOf(times[target.ours]), figuresOf(times[target.peer])]
    const ratio = ours.median / peer.median
    const met = target.most === undefined ? undefined : ratio <= target.most
    return { ...target, worker, figures: { ours, peer }, ratio, met }
  })
}

function figuresOf(rounds: Times[string] = []): Figures {
  return { median: median(rounds.map(median)), p95: p95(rounds.flat()) }
}
