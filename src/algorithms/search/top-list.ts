/**
 * Selects the best items of a stream: a binary heap with its worst item at the top, so that most candidates cost item comparison.
 * Of equal scores, the smaller key is better.
 */
export class TopList<Key extends string | number> {
  readonly #limit: number
  readonly #heap: Scored<Key>[] = []

  /** @param limit maximum number of items. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** The score below which `add` ignores a candidate; -Infinity while the list is not full. */
  get least(): number {
    if (this.#heap.length < this.#limit) return Number.NEGATIVE_INFINITY
    return this.#heap[0]?.score ?? Number.POSITIVE_INFINITY
  }

  add(key: Key, score: number): void {
    if (score < this.least) return
    const item = { key, score }
    if (this.#heap.length < this.#limit) this.#rise(this.#heap.push(item) - 1)
    else if (this.#limit > 0 && isWorse(this.#heap[0] as Scored<Key>, item)) this.#sink(item)
  }

  /** The selected items, the best first. */
  best(): Scored<Key>[] {
    return this.#heap.toSorted((a, b) => (isWorse(a, b) ? 1 : -1))
  }

  #rise(at: number): void {
    const heap = this.#heap
    for (let i = at; i > 0; ) {
      const parent = (i - 1) >> 1
      if (!isWorse(heap[i] as Scored<Key>, heap[parent] as Scored<Key>)) return
      swap(heap, i, parent)
      i = parent
    }
  }

  /** Replaces the worst item. */
  #sink(item: Scored<Key>): void {
    const heap = this.#heap
    heap[0] = item
    for (let i = 0; ; ) {
      let worst = i
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < heap.length && isWorse(heap[child] as Scored<Key>, heap[worst] as Scored<Key>)) worst = child
      }
      if (worst === i) return
      swap(heap, i, worst)
      i = worst
    }
  }
}

/** A key with its score. */
export interface Scored<Key> {
  readonly key: Key
  readonly score: number
}

function isWorse<Key extends string | number>(a: Scored<Key>, b: Scored<Key>): boolean {
  return a.score < b.score || (a.score === b.score && a.key > b.key)
}

function swap<T>(list: T[], i: number, j: number): void {
  const item = list[i] as T
  list[i] = list[j] as T
  list[j] = item
}
