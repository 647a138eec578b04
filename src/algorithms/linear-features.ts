import { StoreError } from '../errors.ts'
import type { JsonValue } from '../json-value.ts'
import { canonical } from './keys/keys.ts'

/** The features of a state for a linear model. */
export interface LinearFeatures {
  /** Names, sorted, nested ones dotted; shape [D]. */
  readonly names: readonly string[]
  /** Shape [D]. */
  readonly values: readonly number[]
}

/** The numbers and booleans of a state, true as 1 and false as 0. @throws INVALID_ARGUMENT for a state that holds anything else, or nothing. */
export function linearFeatures(state: JsonValue): LinearFeatures {
  const features: [string, number][] = []
  collect(canonical(state), [], features)
  if (features.length === 0) throw refused('nothing')
  if (new Set(features.map(([name]) => name)).size < features.length) throw refused('two with the same name')
  features.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return { names: features.map(([name]) => name), values: features.map(([, value]) => value) }
}

function collect(value: JsonValue | undefined, path: readonly string[], features: [string, number][]): void {
  if (value === undefined) return
  if (typeof value === 'number' || typeof value === 'boolean') features.push([path.join('.'), Number(value)])
  else if (typeof value === 'string' || value === null) throw refused(JSON.stringify(value).slice(0, 40))
  else for (const [name, inner] of Object.entries(value)) collect(inner, [...path, nameIn(name, value)], features)
}

/** Pads the indexes of a list, so that their names sort as numbers. */
function nameIn(name: string, within: object): string {
  return Array.isArray(within) ? name.padStart(4, '0') : name
}

function refused(got: string): StoreError {
  return new StoreError('INVALID_ARGUMENT', `Expected a state of numbers, the features of lin-ucb, got ${got}`)
}
