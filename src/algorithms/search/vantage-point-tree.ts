/** An item at a distance from its vantage point, while a tree is built. */
interface Placed<T> {
  readonly item: T
  readonly distance: number
}

/** Below this number of items, comparing all is faster than a tree. */
const LEAF = 8

/**
 * A vantage-point tree: finds the items near another one in a metric space without comparing all. Each node has an item and the
 * distances of those below it: the nearer half in one subtree, the others in the other. Yianilos (1993), "Data structures and algorithms
 * for nearest neighbor search in general metric spaces".
 */
export class VantagePointTree<T> {
  readonly items: readonly T[]
  /** The distance from each vantage point to the nearest item of its far half. */
  readonly #radii: Float64Array

  /** @param distance a metric: symmetric, with the triangle inequality. */
  constructor(items: readonly T[], distance: (a: T, b: T) => number) {
    const ordered = [...items]
    const radii = new Float64Array(ordered.length)
    arrange(ordered, radii, 0, ordered.length, distance)
    this.items = ordered
    this.#radii = radii
  }

  /**
   * Visits the items that may be within a distance of a point, the more promising half first.
   *
   * @param visit looks at an item. @returns its distance from the point.
   * @param reach returns the distance beyond which items need not be visited; may shrink with each visit.
   * @param slack by how much more the distance of two items may be than that of the point from each of them adds up to.
   */
  search(visit: (item: T) => number, reach: () => number, slack = 0): void {
    this.#search(0, this.items.length, visit, reach, slack)
  }

  #search(from: number, to: number, visit: (item: T) => number, reach: () => number, slack: number): void {
    if (to - from <= LEAF) {
      for (const item of this.items.slice(from, to)) visit(item)
      return
    }
    const distance = visit(this.items[from] as T)
    const middle = middleOf(from, to)
    const radius = this.#radii[from] ?? 0
    const near = (): void => {
      if (distance - radius <= reach()) this.#search(from + 1, middle, visit, reach, slack)
    }
    const far = (): void => {
      if (radius - slack - distance <= reach()) this.#search(middle, to, visit, reach, slack)
    }
    if (distance < radius) {
      near()
      far()
    } else {
      far()
      near()
    }
  }
}

function middleOf(from: number, to: number): number {
  return from + 1 + ((to - from) >> 1)
}

/** Orders a part of the items: a vantage point, the items near it, the others. */
function arrange<T>(items: T[], radii: Float64Array, from: number, to: number, distance: (a: T, b: T) => number): void {
  if (to - from <= LEAF) return
  const vantage = items[from] as T
  const placed: Placed<T>[] = items.slice(from + 1, to).map((item) => ({ item, distance: distance(vantage, item) }))
  placed.sort((a, b) => a.distance - b.distance)
  for (const [i, { item }] of placed.entries()) items[from + 1 + i] = item
  const middle = middleOf(from, to)
  radii[from] = placed[middle - from - 1]?.distance ?? 0
  arrange(items, radii, from + 1, middle, distance)
  arrange(items, radii, middle, to, distance)
}
