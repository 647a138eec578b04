import {
  disagreement,
  type Ends,
  type Features,
  type Neighbor,
  type Ranges,
  rangesBetween,
  similarity,
  widen,
} from '../state-similarity.ts'
import { TopList } from './top-list.ts'
import { VantagePointTree } from './vantage-point-tree.ts'

interface Seen {
  readonly key: string
  readonly features: Features
}

/** States with the same features. */
interface Group {
  readonly names: readonly string[]
  /** Of different sizes, so that few states are arranged again when one is added: Bentley & Saxe (1980). */
  trees: Tree[]
  /** Not in a tree yet. */
  loose: Seen[]
  /** The values of each feature that is a category. */
  readonly categories: Map<string, Set<string>>
}

interface Tree {
  readonly tree: VantagePointTree<Seen>
  /** Of the features when the tree was built. */
  readonly ranges: Ranges
}

const LOOSE = 64

/** The seen states by similarity: finds the most similar ones to another state without comparing all. */
export class StateIndex {
  readonly #groups = new Map<string, Group>()
  readonly #ends: Ends = new Map()
  #size = 0

  /** The number of states. */
  get size(): number {
    return this.#size
  }

  /** Adds a state that is not in the index yet. */
  add(key: string, features: Features): void {
    this.#size++
    widen(this.#ends, features)
    const names = [...features.keys()]
    const signature = JSON.stringify(names)
    const group: Group = this.#groups.get(signature) ?? { names, trees: [], loose: [], categories: new Map() }
    this.#groups.set(signature, group)
    group.loose.push({ key, features })
    for (const [name, value] of features) {
      if (typeof value !== 'string') continue
      const values = group.categories.get(name) ?? new Set()
      group.categories.set(name, values.add(value))
    }
    if (group.loose.length >= LOOSE) this.#arrange(group)
  }

  /**
   * The most similar states by Gower's coefficient, as `nearest` of all states finds them.
   *
   * @param limit maximum number. @param least the similarity that they have at least. @returns the most similar first, ties by key.
   */
  nearest(features: Features, limit: number, least = 0): Neighbor<Seen>[] {
    const ends: Ends = new Map(this.#ends)
    widen(ends, features)
    const ranges = rangesBetween(ends)
    const top = new TopList<string>(limit)
    const worst = (): number => Math.max(top.least, least)
    const seen = new Map<string, Seen>()
    const look = (state: Seen): void => {
      const score = similarity(features, state.features, ranges)
      if (score < worst()) return
      top.add(state.key, score)
      seen.set(state.key, state)
    }
    for (const group of this.#groups.values()) {
      if (greatestSimilarity(group, features) < worst()) continue
      for (const state of group.loose) look(state)
      for (const tree of group.trees) searchTree(tree, group.names, features, ranges, look, worst)
    }
    return top.best().map(({ key, score }) => ({ state: seen.get(key) as Seen, similarity: score }))
  }

  /** Puts the loose states into a tree, together with all trees that are not larger than what they become. */
  #arrange(group: Group): void {
    let states = group.loose
    while (group.trees.length > 0 && (group.trees.at(-1)?.tree.items.length ?? 0) <= states.length) {
      states = [...(group.trees.pop()?.tree.items ?? []), ...states]
    }
    const ranges = rangesBetween(this.#ends)
    const distance = (a: Seen, b: Seen): number => disagreement(group.names, a.features, b.features, ranges)
    group.trees.push({ tree: new VantagePointTree(states, distance), ranges })
    group.loose = []
  }
}

/** The similarity that no state of the group exceeds: a category that none of them has agrees with none. */
function greatestSimilarity({ names, categories }: Group, features: Features): number {
  let [shared, agreeing] = [0, 0]
  for (const name of names) {
    const value = features.get(name)
    if (value === undefined) continue
    shared++
    if (typeof value !== 'string' || categories.get(name)?.has(value)) agreeing++
  }
  return agreeing / (names.length + features.size - shared)
}

/**
 * The tree knows distances by the ranges of its time, which have only grown: a distance by today's ranges is at least that by the former
 * ones, divided by the growth. Features that the state has and the query lacks count in the tree, and not in the distance to the query.
 */
function searchTree(
  { tree, ranges: former }: Tree,
  names: readonly string[],
  features: Features,
  ranges: Ranges,
  look: (state: Seen) => void,
  least: () => number,
): void {
  const shared = names.filter((name) => features.has(name))
  const union = names.length + features.size - shared.length
  let growth = 1
  for (const name of shared) {
    const before = former.get(name) ?? 0
    if (before > 0) growth = Math.max(growth, Math.min(Number.MAX_VALUE, (ranges.get(name) ?? 0) / before))
  }
  const visit = (state: Seen): number => {
    look(state)
    return disagreement(shared, features, state.features, former)
  }
  // A little further than needed, because sums are rounded.
  const reach = (): number => (shared.length - least() * union + 1e-9) * growth
  tree.search(visit, reach, names.length - shared.length)
}
