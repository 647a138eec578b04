import { StoreError } from '../errors.ts'
import type { JsonValue } from '../json-value.ts'
import { canonical } from './keys/keys.ts'

/** What a linear model sees of a state. */
export interface LinearFeatures {
  /** Sorted, nested names dotted; shape [D]. */
  readonly names: readonly string[]
  readonly values: readonly number[]
}

/** The numbers of a state under their names; true counts as 1, false as 0. @throws INVALID_ARGUMENT where something else is in it. */
export function linearFeatures(state: JsonValue): LinearFeatures {
  const found: [string, number][] = []
  collect(canonical(state), [], found)
  if (found.length === 0) throw refused('nothing')
  if (new Set(found.map(([name]) => name)).size < found.length) throw refused('two under one name')
  found.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return { names: found.map(([name]) => name), values: found.map(([, value]) => value) }
}

function collect(value: JsonValue | undefined, path: readonly string[], found: [string, number][]): void {
  if (value === undefined) return
  if (typeof value === 'number' || typeof value === 'boolean') found.push([path.join('.'), Number(value)])
  else if (typeof value === 'string' || value === null) throw refused(JSON.stringify(value).slice(0, 40))
  else for (const [name, inner] of Object.entries(value)) collect(inner, [...path, ordered(name, value)], found)
}

/** Storages in a list sort as numbers. */
function ordered(name: string, within: object): string {
  return Array.isArray(within) ? name.padStart(4, '0') : name
}

function refused(got: string): StoreError {
  return new StoreError('INVALID_ARGUMENT', `Expected a state of numbers, the features of lin-ucb, got ${got}`)
}
