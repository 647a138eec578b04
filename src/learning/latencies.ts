/** Of the newest so many operations the quantiles are taken. */
const REMEMBERED = 1_000
/** An operation that takes longer than a few frames. */
const SLOW_MS = 50
const LATEST_SLOW = 10

/** How long operations took in the store's own thread, without the way to it and without waiting; null before the first. */
export interface Latency {
  /** All operations so far. */
  readonly count: number
  /** Of the newest 1,000. */
  readonly p50Ms: number | null
  readonly p99Ms: number | null
}

/** An operation that took longer than others. */
export interface SlowOperation {
  /** Such as `experiences.list`. */
  readonly operation: string
  readonly ms: number
  /** ms since the epoch. */
  readonly at: number
}

/**
 * As fine as the platform's clock, which is 0.1 ms in most browsers. Operations that came together are measured without the
 * commit that they share.
 */
export interface Latencies {
  readonly reads: Latency
  readonly writes: Latency
  /** Operations above 50 ms: how many so far, and the latest ten, newest first. */
  readonly slow: { readonly count: number; readonly latest: readonly SlowOperation[] }
}

/** Measures operations since the store was opened. */
export class Stopwatch {
  readonly #now: () => number
  readonly #elapsed: () => number
  readonly #reads = new Durations()
  readonly #writes = new Durations()
  #slowCount = 0
  #slow: readonly SlowOperation[] = []

  /** @param now ms since the epoch. @param elapsed ms since any moment. */
  constructor(now: () => number, elapsed: () => number) {
    this.#now = now
    this.#elapsed = elapsed
  }

  /** Runs an operation, and measures it whatever comes of it. */
  time<T>(operation: string, isRead: boolean, work: () => T): T {
    const begun = this.#elapsed()
    try {
      return work()
    } finally {
      const ms = this.#elapsed() - begun
      const durations = isRead ? this.#reads : this.#writes
      durations.add(ms)
      if (ms > SLOW_MS) {
        this.#slowCount++
        this.#slow = [{ operation, ms, at: this.#now() }, ...this.#slow].slice(0, LATEST_SLOW)
      }
    }
  }

  get latencies(): Latencies {
    const slow = { count: this.#slowCount, latest: this.#slow }
    return { reads: this.#reads.latency, writes: this.#writes.latency, slow }
  }
}

class Durations {
  readonly #newest = new Float64Array(REMEMBERED)
  #count = 0

  add(ms: number): void {
    this.#newest[this.#count++ % REMEMBERED] = ms
  }

  get latency(): Latency {
    const sorted = this.#newest.subarray(0, this.#count).toSorted()
    // The nearest rank: a duration that was measured.
    const quantile = (p: number): number | null => sorted[Math.ceil(p * sorted.length) - 1] ?? null
    return { count: this.#count, p50Ms: quantile(0.5), p99Ms: quantile(0.99) }
  }
}
