import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { measure } from 'mitata'
import { median, p95 } from './median.ts'
import { rotated } from './rotated.ts'

/** This store; sql.js without it (the floor of its engine); better-sqlite3 (the native floor). */
export type Contender = 'ours' | 'bare' | 'native'

/** A contender that is ready for one row. */
export interface Entrant {
  run(): unknown
  close?(): unknown
}

/** Takes out of the measured time what a row must do but does not ask about. */
export interface Stopwatch {
  aside(work: () => unknown): Promise<void>
}

/** One piece of work, and how each contender gets ready for it. They do it equally often, so that their tables grow alike. */
export interface Row {
  readonly operation: string
  readonly storage: string
  readonly durability: string
  /** Calls in one sample: more than one where a single call is too short for the clock. */
  readonly batch: number
  /** Samples in one round. */
  readonly samples: number
  readonly entrants: { readonly [C in Contender]?: (watch: Stopwatch) => Entrant | Promise<Entrant> }
  readonly note?: string
  /** What the 95th percentile of one call of ours should stay below, in ms. */
  readonly p95Ms?: number
}

export interface Rows {
  readonly rows: readonly Row[]
  /** Called when all rows are measured. */
  close?(): Promise<void>
}

/** Medians of one call in ms, over all rounds. */
export type Medians = { readonly [C in Contender]?: number }

export interface MeasuredRow {
  readonly row: Row
  readonly medians: Medians
  /** Of one call of ours in ms: the median over all rounds of their 95th percentiles. */
  readonly p95: number
}

const CONTENDERS: readonly Contender[] = ['ours', 'bare', 'native']

setFlagsFromString('--expose-gc')
// Else the collections between the rows make V8 throw away the code of whoever is not measured just then.
setFlagsFromString('--no-flush-bytecode')
/** A full garbage collection, so that nobody pays for the garbage of others. */
export const collect: () => void = runInNewContext('gc')

/**
 * Measures all rows of a group in each round, and in each row one contender after the other, every round beginning with
 * another one: what disturbs the machine for a while disturbs all of them. Answers the medians of the rounds' medians.
 */
export async function alternate({ rows, close }: Rows, rounds: number, effort: number): Promise<MeasuredRow[]> {
  const found = rows.map((row) => ({ row, ms: new Map<Contender, number[]>(), slow: [] as number[] }))
  try {
    for (let round = 0; round < rounds; round++) {
      for (const { row, ms, slow } of rotated(found, round)) {
        for (const who of rotated(CONTENDERS, round)) {
          const timed = await timesOf(row, who, effort)
          if (timed === undefined) continue
          ms.set(who, [...(ms.get(who) ?? []), timed.median])
          if (who === 'ours') slow.push(timed.p95)
        }
      }
    }
  } finally {
    await close?.()
  }
  return found.map(({ row, ms, slow }) => {
    const medians = [...ms].map(([who, all]) => [who, median(all)] as const)
    return { row, medians: Object.fromEntries(medians) as Medians, p95: median(slow) }
  })
}

/** The times of one round in ms; undefined where the contender does not enter. */
async function timesOf(
  row: Row,
  who: Contender,
  effort: number,
): Promise<{ readonly median: number; readonly p95: number } | undefined> {
  const watch = new PausingWatch()
  const entrant = await row.entrants[who]?.(watch)
  if (!entrant) return undefined
  const samples = Math.max(5, Math.round(row.samples * effort))
  for (let i = 0; i < (samples * row.batch) / 4; i++) await entrant.run()
  const stats = await measure(() => entrant.run(), {
    now: () => watch.now(),
    gc: collect,
    // As many calls for a fast contender as for a slow one, instead of as many as fit into a time.
    min_samples: samples,
    max_samples: samples,
    min_cpu_time: 0,
    warmup_threshold: Number.POSITIVE_INFINITY,
    batch_threshold: row.batch > 1 ? Number.POSITIVE_INFINITY : -1,
    batch_samples: row.batch,
    batch_unroll: 1,
  })
  await entrant.close?.()
  return { median: stats.p50 / 1e6, p95: p95(stats.samples) / 1e6 }
}

class PausingWatch implements Stopwatch {
  #paused = 0

  /** In ns. */
  now(): number {
    return 1e6 * (performance.now() - this.#paused)
  }

  async aside(work: () => unknown): Promise<void> {
    const start = performance.now()
    await work()
    this.#paused += performance.now() - start
  }
}
