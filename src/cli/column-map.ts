import { InvalidArgumentError } from 'commander'
import type { ColumnMap } from '../transfer/csv/field-columns.ts'

/** A comma before the next field; a comma inside the name of a column is none. */
const BETWEEN_FIELDS = /,(?=\s*\w+=)/

/** Parses `field=column,field=column`. @param before the map of the same option before. */
export function columnMap(text: string, before?: unknown): ColumnMap {
  const map = new Map(Object.entries((before ?? {}) as ColumnMap))
  for (const pair of text.split(BETWEEN_FIELDS)) {
    const [, field = '', column = ''] = /^\s*(\w+)=(.*\S)\s*$/s.exec(pair) ?? []
    if (field === '') throw new InvalidArgumentError(`Expected field=column, got "${pair.trim()}".`)
    if (map.has(field)) throw new InvalidArgumentError(`Expected ${field} once.`)
    map.set(field, column)
  }
  return Object.fromEntries(map)
}
