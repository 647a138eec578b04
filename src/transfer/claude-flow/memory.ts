import { toJson } from '../../learning/core/experience.ts'
import { instant, jsonOrText, maybe, name, number, or, parsedJson, text } from '../foreign/column-types.ts'
import { objectIn, plainData, withoutEmpty } from '../foreign/plain.ts'
import type { Row, TableReader } from '../foreign/table-reader.ts'

const COLUMNS = ['key', 'partition', 'value', 'metadata', 'created_at', 'expires_at', 'owner', 'access_level']

/**
 * Readers for the memory of claude-flow, whose values are in `value` in version 2, and in `content` in version 3. Its entries have no access
 * levels: all agents may read them.
 * @param owner of entries that name none. @param now in ms since the epoch: entries that have expired are skipped.
 */
export function memoryReaders(owner: string, now: number): TableReader[] {
  return ['value', 'content'].map((value) => ({
    table: 'memory_entries',
    columns: {
      key: name,
      namespace: or(name, 'default'),
      [value]: jsonOrText,
      type: maybe(text),
      tags: maybe(text),
      metadata: maybe(text),
      owner_id: maybe(name),
      ttl: maybe(number),
      created_at: maybe(instant),
      updated_at: maybe(instant),
      timestamp: maybe(instant),
      expires_at: maybe(instant),
      status: maybe(text),
    },
    needs: ['namespace'],
    add: (row, into) => {
      if (row.status === 'deleted') return 'is deleted'
      // A new value starts a new lifetime.
      const setAt = Number(row.updated_at ?? row.created_at ?? row.timestamp ?? now)
      const expiresAt = expiryOf(row, setAt)
      if (expiresAt !== null && expiresAt <= now) return 'has expired'
      const { key = null, namespace = null, owner_id } = row
      const cells = [key, namespace, row[value] ?? null, metadataOf(row), setAt, expiresAt, owner_id ?? owner, 'public']
      into.row('memory_entries', COLUMNS, cells)
      return undefined
    },
  }))
}

/** In ms since the epoch; null means never. */
function expiryOf({ expires_at, ttl }: Row, setAt: number): number | null {
  if (typeof expires_at === 'number') return expires_at
  return typeof ttl === 'number' && ttl > 0 ? Math.floor(setAt + ttl * 1000) : null
}

function metadataOf({ metadata, tags, type }: Row): string | null {
  const stored = plainData(parsedJson(metadata)) ?? (typeof metadata === 'string' ? metadata : null)
  const more = withoutEmpty({ tags: plainData(parsedJson(tags)), type: typeof type === 'string' ? type : undefined })
  if (more === null) return stored === null ? null : toJson(stored)
  const own = objectIn(stored ?? undefined) ?? withoutEmpty({ metadata: stored }) ?? {}
  return toJson({ ...more, ...own })
}
