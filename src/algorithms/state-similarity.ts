import type { JsonValue } from '../json-value.ts'
import { keyOf } from './keys/keys.ts'

/** How like two states are, whatever plain data they are made of: Gower's coefficient for mixed attributes. */

/** What a state has under one name: a number, the key of something that is the same or not, or the keys of a list's items. */
type Feature = number | string | ReadonlySet<string>

/**
 * What there is to compare in a state, by name. Nested names are dotted, and the storages of a list of numbers count as names:
 * such a list is a point. What is no object stands under no name at all.
 */
export type Features = ReadonlyMap<string, Feature>

/** How wide the numbers of each name spread, in half units. */
export type Ranges = ReadonlyMap<string, number>

export interface Neighbour<State> {
  readonly state: State
  /** In [0, 1]. */
  readonly similarity: number
}

/** @throws INVALID_ARGUMENT when the state is not plain data. */
export function featuresOf(state: JsonValue): Features {
  const features = new Map<string, Feature>()
  collect(state, '', features)
  return features
}

/**
 * The spread of each number over the states that are compared and 0. Gower takes it over the states alone; with 0 among them,
 * two lone numbers are measured by their size, and are not as different as can be.
 */
export function rangesOf(states: Iterable<Features>): Ranges {
  const ends = new Map<string, { least: number; most: number }>()
  for (const features of states) {
    for (const [name, value] of features) {
      if (typeof value !== 'number') continue
      const end = ends.get(name)
      if (!end) ends.set(name, { least: Math.min(0, value), most: Math.max(0, value) })
      else if (value < end.least) end.least = value
      else if (value > end.most) end.most = value
    }
  }
  // Halves, because the whole may be too great for a number.
  return new Map(Array.from(ends, ([name, { least, most }]) => [name, most / 2 - least / 2]))
}

/**
 * The mean over all names that either state has: a name that one lacks counts 0, numbers by their distance, lists by Jaccard,
 * everything else 1 where it is equal. Gower (1971), "A general coefficient of similarity and some of its properties",
 * Biometrics 27(4); lists by Jaccard (1901), the share of items in both among those in either.
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

/** The states most like this one, the most similar first, equals by key. @param seen by key. @param most how many at most. */
export function nearest<Seen extends { readonly key: string; readonly features: Features }>(
  features: Features,
  seen: readonly Seen[],
  most: number,
): Neighbour<Seen>[] {
  const ranges = rangesOf([features, ...seen.map((one) => one.features)])
  return seen
    .map((state) => ({ state, similarity: similarity(features, state.features, ranges) }))
    .sort((a, b) => b.similarity - a.similarity || (a.state.key < b.state.key ? -1 : 1))
    .slice(0, most)
}

/** Names in order at every level, so that sums come out the same whichever state is asked about. */
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

/** @param range in half units; 0 where all are 0, or too small to be told from it. */
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
