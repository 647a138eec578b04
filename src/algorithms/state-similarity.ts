import type { JsonValue } from '../json-value.ts'
import { keyOf } from './keys/keys.ts'

/** A feature of a state: a number, the key of a categorical value, or the keys of a list's items. */
type Feature = number | string | ReadonlySet<string>

/**
 * The features of a state by name. Nested names are dotted. A list of numbers is a point: each index is a name. A state that is
 * not an object has one feature with an empty name.
 */
export type Features = ReadonlyMap<string, Feature>

/** Half the range of each numeric feature, by name. */
export type Ranges = ReadonlyMap<string, number>

/** A similar state. */
export interface Neighbor<State> {
  readonly state: State
  /** Similarity, in [0, 1]. */
  readonly similarity: number
}

/** The features of a state. @throws INVALID_ARGUMENT if the state is not plain data. */
export function featuresOf(state: JsonValue): Features {
  const features = new Map<string, Feature>()
  collect(state, '', features)
  return features
}

/**
 * The range of each numeric feature over these states and 0. Gower's range is over the states alone, by which any two different
 * numbers are entirely dissimilar if there are no others; with 0 included, they are compared by their size.
 */
export function rangesOf(states: Iterable<Features>): Ranges {
  const ends: Ends = new Map()
  for (const features of states) widen(ends, features)
  return rangesBetween(ends)
}

/** The least and the greatest of 0 and the numbers of each numeric feature, by name. */
export type Ends = Map<string, { readonly least: number; readonly most: number }>

/** Includes the numbers of a state. */
export function widen(ends: Ends, features: Features): void {
  for (const [name, value] of features) {
    if (typeof value !== 'number') continue
    const { least, most } = ends.get(name) ?? { least: 0, most: 0 }
    if (value < least || value > most || !ends.has(name))
      ends.set(name, { least: Math.min(least, value), most: Math.max(most, value) })
  }
}

export function rangesBetween(ends: Ends): Ranges {
  // Halved, because the full range can overflow.
  return new Map(Array.from(ends, ([name, { least, most }]) => [name, most / 2 - least / 2]))
}

/**
 * Gower's similarity coefficient: the mean over the features of either state, where a missing feature counts 0, numbers count by
 * distance, lists by Jaccard similarity, and other values 1 if equal. Gower (1971), "A general coefficient of similarity and some of its properties",
 * Biometrics 27(4); Jaccard (1901).
 * @param ranges of these states, or of more. @returns in [0, 1]; symmetric; 1 for equal states.
 */
export function similarity(a: Features, b: Features, ranges: Ranges): number {
  let agreement = 0
  let shared = 0
  for (const [name, value] of a) {
    const other = b.get(name)
    if (other === undefined) continue
    shared++
    agreement += agreementOf(value, other, ranges.get(name) ?? 0)
  }
  return agreement / (a.size + b.size - shared)
}

/** How much states differ in these features: a sum of numbers in [0, 1], a metric. @param names of features that both have. */
export function disagreement(names: readonly string[], a: Features, b: Features, ranges: Ranges): number {
  let sum = 0
  for (const name of names) {
    const [one, other] = [a.get(name), b.get(name)]
    if (one !== undefined && other !== undefined) sum += 1 - agreementOf(one, other, ranges.get(name) ?? 0)
  }
  return sum
}

/** The most similar states. @param limit maximum number. @returns the most similar first, ties by key. */
export function nearest<Seen extends { readonly key: string; readonly features: Features }>(
  features: Features,
  seen: readonly Seen[],
  limit: number,
): Neighbor<Seen>[] {
  const ranges = rangesOf([features, ...seen.map((state) => state.features)])
  return seen
    .map((state) => ({ state, similarity: similarity(features, state.features, ranges) }))
    .sort((a, b) => b.similarity - a.similarity || (a.state.key < b.state.key ? -1 : 1))
    .slice(0, limit)
}

/** Visits names in order at every level, so that floating-point sums are reproducible. */
function collect(value: JsonValue, path: string, features: Map<string, Feature>): void {
  if (typeof value === 'number') features.set(path, value)
  else if (typeof value !== 'object' || value === null) features.set(path, keyOf(value))
  else if (isArray(value)) {
    if (value.length > 0 && value.every((item) => typeof item === 'number')) {
      for (const [i, item] of value.entries()) features.set(`${path}[${i}`, item)
    } else features.set(path, new Set(value.map((item) => keyOf(item))))
  } else {
    const names = Object.keys(value).filter((name) => value[name] !== undefined)
    if (names.length === 0) features.set(path, keyOf(value))
    for (const name of names.sort()) {
      // The mark in front and the escape keep `{ '': 1 }` apart from 1, and `{ 'a.b': 1 }` from `{ a: { b: 1 } }`.
      collect(value[name] ?? null, `${path}.${name.replace(/[\\.[]/g, '\\$&')}`, features)
    }
  }
}

/** @param range halved; 0 if all numbers are 0, or so small that it underflows. */
function agreementOf(a: Feature, b: Feature, range: number): number {
  if (typeof a === 'number' && typeof b === 'number') {
    return a === b || range === 0 ? 1 : Math.max(0, 1 - Math.abs(a / 2 - b / 2) / range)
  }
  if (typeof a === 'object' && typeof b === 'object') return jaccard(a, b)
  return a === b ? 1 : 0
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 && b.size === 0) return 1
  let both = 0
  for (const item of a) if (b.has(item)) both++
  return both / (a.size + b.size - both)
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
