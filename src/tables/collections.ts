import type { Collection } from '../collections.ts'
import type { Statement } from '../sql/connection.ts'
import { COLLECTION_OF } from './tables.ts'

/** Cache by SQL text. Texts are constants, so that it is bounded. */
const known = new Map<string, Collection | undefined>()

/** The collections to which statements write, sorted. */
export function collectionsOf(statements: readonly Statement[]): Collection[] {
  const touched = new Set<Collection>()
  for (const { sql } of statements) {
    if (!known.has(sql)) known.set(sql, collectionOf(sql))
    const collection = known.get(sql)
    if (collection) touched.add(collection)
  }
  return [...touched].sort()
}

function collectionOf(sql: string): Collection | undefined {
  const [, table = ''] = /^\s*(?:INSERT(?: OR \w+)? INTO|REPLACE INTO|UPDATE|DELETE FROM)\s+(\w+)/i.exec(sql) ?? []
  return COLLECTION_OF.get(table)
}
