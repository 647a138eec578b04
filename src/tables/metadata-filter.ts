import { type JsonFilter, matchesJson } from '../algorithms/json-filter.ts'
import type { JsonValue } from '../json-value.ts'
import type { SqlValue } from '../sql/connection.ts'

/** Whether the metadata in a column satisfies a checked filter; null matches all. */
export function metadataFits(column: SqlValue | undefined, filter: JsonFilter | null): boolean {
  return filter === null || matchesJson(typeof column === 'string' ? (JSON.parse(column) as JsonValue) : null, filter)
}
