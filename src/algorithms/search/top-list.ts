/**
 * The best few of many: a binary heap with the worst of those kept at its top, so that most candidates cost one comparison.
 * Of equal scores the smaller key is better.
 */
export class TopList<Key extends string | number> {
  readonly #most: number
  readonly #kept: Scored<Key>[] = []

  constructor(most: number) {
    this.#most = most
  }

  /** What a candidate must reach to be kept; below any score while there is room. */
  get least(): number {
    if (this.#kept.length < this.#most) return Number.NEGATIVE_INFINITY
    return this.#kept[0]?.score ?? Number.POSITIVE_INFINITY
  }

  add(key: Key, score: number): void {
    if (score < this.least) return
    const one = { key, score }
    if (this.#kept.length < this.#most) this.#rise(this.#kept.push(one) - 1)
    else if (this.#most > 0 && isWorse(this.#kept[0] as Scored<Key>, one)) this.#sink(one)
  }

  /** The best first. */
  best(): Scored<Key>[] {
    return this.#kept.toSorted((a, b) => (isWorse(a, b) ? 1 : -1))
  }

  #rise(at: number): void {
    const kept = this.#kept
    for (let i = at; i > 0; ) {
      const parent = (i - 1) >> 1
      if (!isWorse(kept[i] as Scored<Key>, kept[parent] as Scored<Key>)) return
      swap(kept, i, parent)
      i = parent
    }
  }

  /** In the storage of the worst. */
  #sink(one: Scored<Key>): void {
    const kept = this.#kept
    kept[0] = one
    for (let i = 0; ; ) {
      let worst = i
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < kept.length && isWorse(kept[child] as Scored<Key>, kept[worst] as Scored<Key>)) worst = child
      }
      if (worst === i) return
      swap(kept, i, worst)
      i = worst
    }
  }
}

export interface Scored<Key> {
  readonly key: Key
  readonly score: number
}

function isWorse<Key extends string | number>(a: Scored<Key>, b: Scored<Key>): boolean {
  return a.score < b.score || (a.score === b.score && a.key > b.key)
}

function swap<T>(list: T[], i: number, j: number): void {
  const one = list[i] as T
  list[i] = list[j] as T
  list[j] = one
}
