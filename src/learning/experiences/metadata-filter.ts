import { checkJsonFilter, type JsonFilter, type JsonOperators } from '../../algorithms/json-filter.ts'
import { invalid, isObject } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import type { MetadataCondition, MetadataOperator } from '../../tables/metadata-filter.ts'
import { toJson } from '../core/experience.ts'

/** @returns the filter as `metadataFits` takes it. @throws INVALID_ARGUMENT */
export function checkMetadataFilter(filter: JsonFilter): string {
  return toJson(conditionsOf(checkJsonFilter(filter, 'metadata'), ['$']) as unknown as JsonValue)
}

/** @param parents the SQLite paths of the object that the fields belong to. */
function conditionsOf(filter: JsonFilter, parents: readonly string[]): MetadataCondition[] {
  return Object.entries(filter).flatMap(([path, condition]) => conditionsOn(pathsOf(path, parents), condition))
}

function conditionsOn(paths: readonly string[], condition: JsonFilter[string]): MetadataCondition[] {
  if (!isObject(condition)) return [[paths, '$eq', condition]]
  const names = Object.keys(condition)
  if (names.length === 0) return [[paths, '$isObject', null]]
  if (!names.some((name) => name.startsWith('$'))) return conditionsOf(condition as JsonFilter, paths)
  return Object.entries(condition as JsonOperators).map(([name, operand]) => [paths, name as MetadataOperator, operand])
}

/** A field whose own name has dots comes first; then a step of digits is an item of a list, or a name. */
function pathsOf(path: string, parents: readonly string[]): string[] {
  const steps = path.split('.')
  const own = parents.map((parent) => `${parent}${step(path, path)}`)
  if (steps.length === 1) return own
  const [items, names] = [true, false].map((areItems) =>
    steps.map((name) => (areItems && /^\d+$/.test(name) ? `[${name}]` : step(name, path))).join(''),
  )
  return [...own, ...parents.flatMap((parent) => [...new Set([`${parent}${items}`, `${parent}${names}`])])]
}

/** @throws INVALID_ARGUMENT for what SQLite's paths cannot name */
function step(name: string, path: string): string {
  if (name === '' || name.includes('"') || name.includes('\0')) {
    throw invalid('a field of metadata', 'a name without quotes, or names joined by dots', path)
  }
  return `."${name}"`
}
