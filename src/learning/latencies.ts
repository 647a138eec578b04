import { isoTime } from '../times.ts'

/** The quantiles cover this many of the newest operations. */
const WINDOW = 1_000
/** A few frames. */
const SLOW_MS = 50
const LATEST_SLOW = 10

/** Latency of operations in the store's own thread, without transport and queueing. */
export interface Latency {
  /** Number of operations since the store was opened. */
  readonly count: number
  /** Median of the newest 1,000 operations, in ms; null before the first. */
  readonly p50Ms: number | null
  /** 99th percentile of the newest 1,000 operations, in ms; null before the first. */
  readonly p99Ms: number | null
}

/** An operation that took more than 50 ms. */
export interface SlowOperation {
  /** The operation, for example `experiences.list`. */
  readonly operation: string
  /** Its duration. */
  readonly durationMs: number
  /** When it ended, ISO 8601 in UTC. */
  readonly at: string
}

/**
 * Latencies of a store's operations since it was opened. The resolution is that of the platform's clock, 0.1 ms in most
 * browsers. Operations that share a commit are measured without it.
 */
export interface Latencies {
  /** Operations that change nothing. */
  readonly reads: Latency
  /** All other operations. */
  readonly writes: Latency
  /** Operations above 50 ms: their number, and the latest ten, newest first. */
  readonly slow: { readonly count: number; readonly latest: readonly SlowOperation[] }
}

/** Measures the duration of operations. */
export class Stopwatch {
  readonly #now: () => number
  readonly #elapsed: () => number
  readonly #reads = new Durations()
  readonly #writes = new Durations()
  #slowCount = 0
  #slow: readonly SlowOperation[] = []

  /**
   * @param now ms since the epoch.
   * @param elapsed ms since an arbitrary moment, monotonic.
   */
  constructor(now: () => number, elapsed: () => number) {
    this.#now = now
    this.#elapsed = elapsed
  }

  /** Runs an operation and measures it, also if it throws. */
  time<T>(operation: string, isRead: boolean, work: () => T): T {
    const start = this.#elapsed()
    try {
      return work()
    } finally {
      const ms = this.#elapsed() - start
      const durations = isRead ? this.#reads : this.#writes
      durations.add(ms)
      if (ms > SLOW_MS) {
        this.#slowCount++
        this.#slow = [{ operation, durationMs: ms, at: isoTime(this.#now()) }, ...this.#slow].slice(0, LATEST_SLOW)
      }
    }
  }

  get latencies(): Latencies {
    const slow = { count: this.#slowCount, latest: this.#slow }
    return { reads: this.#reads.latency, writes: this.#writes.latency, slow }
  }
}

class Durations {
  readonly #newest = new Float64Array(WINDOW)
  #count = 0

  add(ms: number): void {
    this.#newest[this.#count++ % WINDOW] = ms
  }

  get latency(): Latency {
    const sorted = this.#newest.subarray(0, this.#count).toSorted()
    // Nearest rank, so that the result is a measured duration.
    const quantile = (p: number): number | null => sorted[Math.ceil(p * sorted.length) - 1] ?? null
    return { count: this.#count, p50Ms: quantile(0.5), p99Ms: quantile(0.99) }
  }
}
