import { clamped } from '../clamped.ts'
import { INTERCEPT } from '../features/sparse-vector.ts'
import type { RewardSums } from '../statistics.ts'
import { rowAt } from './cholesky.ts'

/** The sums of `LinearSums` as plain data. */
export interface LinearSumsData {
  /** Shape [D], the intercept first. */
  readonly names: readonly string[]
  /** Shape [D (D + 1) / 2]. */
  readonly products: readonly number[]
  /** Shape [D]. */
  readonly targets: readonly number[]
  readonly squaredRewards: number
  /** The least and the greatest reward; null without experience. */
  readonly rewardRange: readonly [least: number, greatest: number] | null
}

const NOTHING: LinearSumsData = {
  names: [INTERCEPT],
  products: [0],
  targets: [0],
  squaredRewards: 0,
  rewardRange: null,
}

/**
 * What an exact linear learner remembers of the experiences of an action: the sums of x x' (A), of reward times x (b), and of squared
 * rewards, in the units of the features and by their names. Sums of two stores add to those of all their experiences, and an
 * experience can be taken out again.
 */
export class LinearSums {
  readonly #names: string[]
  readonly #indices = new Map<string, number>()
  readonly #products: number[]
  readonly #targets: number[]
  #squaredRewards: number
  #rewardRange: readonly [least: number, greatest: number] | null

  constructor(data: LinearSumsData = NOTHING) {
    this.#names = [...data.names]
    for (const [index, name] of data.names.entries()) this.#indices.set(name, index)
    this.#products = [...data.products]
    this.#targets = [...data.targets]
    this.#squaredRewards = data.squaredRewards
    this.#rewardRange = data.rewardRange
  }

  /** The names of all features that occurred, in the order of their first occurrence; the intercept first. */
  get names(): readonly string[] {
    return this.#names
  }

  /** Number of features, D. */
  get dimension(): number {
    return this.#targets.length
  }

  /** Number of experiences. */
  get count(): number {
    return this.#products[0] ?? 0
  }

  /** The sum of squared rewards. */
  get squaredRewards(): number {
    return this.#squaredRewards
  }

  /** The least and the greatest reward, also of experiences that were taken out; null without experience. */
  get rewardRange(): readonly [least: number, greatest: number] | null {
    return this.#rewardRange
  }

  /** The index of a feature; undefined if it has not occurred. */
  indexOf(name: string): number | undefined {
    return this.#indices.get(name)
  }

  /** The sum of x_i x_j, j <= i. */
  product(i: number, j: number): number {
    return this.#products[rowAt(i) + j] as number
  }

  /** The sum of reward times x_i. */
  target(i: number): number {
    return this.#targets[i] as number
  }

  /** Adds an experience. @param features with the intercept */
  add(features: ReadonlyMap<string, number>, given: number): void {
    const reward = clamped(given)
    this.#addRewards(features, 1, reward, reward * reward)
    this.#widen([reward, reward])
  }

  /** Adds several experiences with the same features, by the sums of their rewards. */
  addSums(features: ReadonlyMap<string, number>, { count, mean, m2, least, greatest }: RewardSums): void {
    const middle = clamped(mean)
    // The squares of extreme rewards overflow.
    const squares = Number.isFinite(m2) ? m2 : 0
    this.#addRewards(features, count, count * middle, squares + count * middle * middle)
    this.#widen([clamped(least), clamped(greatest)])
  }

  /** Takes an experience out again. The range of the rewards stays. */
  remove(features: ReadonlyMap<string, number>, given: number): void {
    const reward = clamped(given)
    this.#addRewards(features, -1, -reward, -reward * reward)
  }

  #addRewards(features: ReadonlyMap<string, number>, count: number, sum: number, squares: number): void {
    const entries: [index: number, value: number][] = []
    for (const [name, value] of features) entries.push([this.#indexOrNew(name), value])
    for (const [i, x] of entries) {
      this.#targets[i] = (this.#targets[i] as number) + sum * x
      for (const [j, y] of entries) if (j <= i) this.#addProduct(i, j, count * x * y)
    }
    this.#squaredRewards += squares
  }

  /** Adds all experiences of other sums. */
  merge(other: LinearSums): void {
    const indices = other.names.map((name) => this.#indexOrNew(name))
    for (const [k, i] of indices.entries()) {
      this.#targets[i] = (this.#targets[i] as number) + other.target(k)
      for (let l = 0; l <= k; l++) {
        const j = indices[l] as number
        this.#addProduct(Math.max(i, j), Math.min(i, j), other.product(k, l))
      }
    }
    this.#squaredRewards += other.squaredRewards
    if (other.rewardRange) this.#widen(other.rewardRange)
  }

  toData(): LinearSumsData {
    return {
      names: [...this.#names],
      products: [...this.#products],
      targets: [...this.#targets],
      squaredRewards: this.#squaredRewards,
      rewardRange: this.#rewardRange,
    }
  }

  #widen([least, greatest]: readonly [number, number]): void {
    const [before, beyond] = this.#rewardRange ?? [least, greatest]
    this.#rewardRange = [Math.min(before, least), Math.max(beyond, greatest)]
  }

  #addProduct(i: number, j: number, value: number): void {
    const at = rowAt(i) + j
    this.#products[at] = (this.#products[at] as number) + value
  }

  #indexOrNew(name: string): number {
    const known = this.#indices.get(name)
    if (known !== undefined) return known
    const index = this.#targets.length
    this.#indices.set(name, index)
    this.#names.push(name)
    this.#targets.push(0)
    for (let j = 0; j <= index; j++) this.#products.push(0)
    return index
  }
}
