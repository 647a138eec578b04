import type { JsonValue } from '../../json-value.ts'
import { type Moments, NO_MOMENTS, withNumber } from '../statistics.ts'
import type { FeatureKinds } from './feature-kinds.ts'
import { type FeatureVisitor, visitAction, visitState } from './feature-visitor.ts'

/** The moments of numeric features by name, as plain data. */
export type ScalesData = readonly (readonly [name: string, moments: Moments])[]

/** Numbers whose names are more than this, as ids of customers would be, are forgotten when they were not seen for longest. */
export const MOST_SCALES = 4_096
/** A standardized number beyond this is an outlier, and counts as this. */
const FARTHEST = 8

/**
 * The running mean and variance of numeric features, by which they are standardized: a linear learner depends on the units of its
 * features otherwise. Of an embedding, the mean of its squared length.
 */
export class Scales {
  readonly #moments: Map<string, Moments>

  constructor(data: ScalesData = []) {
    this.#moments = new Map(data)
  }

  /** Adds the numbers of a state, and of an action whose features are used. */
  observe(state: JsonValue, action: JsonValue | undefined, kinds: FeatureKinds | undefined): void {
    const add = (name: string, value: number): void => {
      const known = this.#moments.get(name)
      // The map has the names in the order in which they were last seen.
      if (known) this.#moments.delete(name)
      else if (this.#moments.size === MOST_SCALES) this.#moments.delete(this.#moments.keys().next().value ?? '')
      this.#moments.set(name, withNumber(known ?? NO_MOMENTS, value))
    }
    const visitor: FeatureVisitor = {
      number: add,
      category: () => {},
      text: () => {},
      vector: (path, values) =>
        add(
          lengthName(path),
          values.reduce((sum, value) => sum + value * value, 0),
        ),
    }
    visitState(state, kinds, visitor)
    if (action !== undefined) visitAction(action, kinds, visitor)
  }

  /** A number in standard deviations from the mean; 0 as long as it was always the same. */
  standardized(name: string, value: number): number {
    const moments = this.#moments.get(name)
    if (moments === undefined || moments.m2 === 0) return 0
    const deviation = Math.sqrt(moments.m2 / moments.count)
    const z = (value - moments.mean) / deviation
    return Number.isNaN(z) ? 0 : Math.min(FARTHEST, Math.max(-FARTHEST, z))
  }

  /** What brings embeddings to a mean squared length of 1; 0 if none, or only zeros, were seen. */
  vectorScale(path: string): number {
    const mean = this.#moments.get(lengthName(path))?.mean ?? 0
    return mean > 0 ? 1 / Math.sqrt(mean) : 0
  }

  toData(): ScalesData {
    return [...this.#moments]
  }
}

/** The name of the squared length of an embedding, which no field has. */
function lengthName(path: string): string {
  return `${path}[]`
}
