import type { TextMatch } from '../algorithms/search/text-ranking.ts'
import type { Connection } from '../sql/connection.ts'
import { memoryText } from '../sql/schema/memory-text.ts'
import { type EntryRow, type GuardRow, RESOURCE_ID } from './memory.ts'
import { vectorsOfBytes } from './vector-bytes.ts'

/** The searched text of an entry, by column. */
export const MEMORY_TEXT_COLUMNS = ['key', 'value', 'metadata'] as const

/** A searched part of an entry. @useDeclaredType */
export type MemoryTextColumn = (typeof MEMORY_TEXT_COLUMNS)[number]

/** What the search index holds of an entry, apart from its text. Times are in ms since the epoch. */
export interface SearchRow extends GuardRow, Pick<EntryRow, 'embedder'> {
  readonly createdAt: number
  /** Null means never. */
  readonly expiresAt: number | null
  readonly vectors: readonly Float32Array[]
}

type SearchColumns = [
  string,
  string,
  string | null,
  string | null,
  string | null,
  string | null,
  string | null,
  string | null,
  number,
  number | null,
  string | null,
  number | null,
  Uint8Array | null,
]

const ROWS = `SELECT entry.key, entry.partition, entry.owner, entry.access_level, entry.team_id, entry.swarm_id,
    acl.granted_permissions, acl.blocked_agents, entry.created_at, entry.expires_at, embedder, dimension, vectors
  FROM memory_entries AS entry LEFT JOIN memory_acl AS acl ON acl.resource_id = ${RESOURCE_ID}`
const ROW = `${ROWS} WHERE key = ? AND partition = ?`

const TEXTS = 'SELECT key, partition, value, metadata FROM memory_entries'
const TEXT = `${TEXTS} WHERE key = ? AND partition = ?`

/** The JSON of an entry. */
export type EntryJson = readonly [key: string, partition: string, value: string, metadata: string | null]

/** Reads what the search index holds: all entries, expired or not. */
export class MemorySearchTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  all(): SearchRow[] {
    return this.#connection.all<SearchColumns>(ROWS).map(toRow)
  }

  get(key: string, partition: string): SearchRow | undefined {
    const columns = this.#connection.get<SearchColumns>(ROW, [key, partition])
    return columns && toRow(columns)
  }

  texts(): EntryJson[] {
    return this.#connection.all<[string, string, string, string | null]>(TEXTS)
  }

  text(key: string, partition: string): EntryJson | undefined {
    return this.#connection.get<[string, string, string, string | null]>(TEXT, [key, partition])
  }
}

/** The full-text index of entries, in a derived database, of which a connection has one. It begins empty. */
export class MemoryTextTable {
  readonly #derived: Connection
  #docid = 0

  constructor(connection: Connection) {
    this.#derived = connection.derived('memory text')
    this.clear()
  }

  /** Number of documents, with those that were replaced. */
  get size(): number {
    return this.#docid
  }

  clear(): void {
    this.#docid = 0
    // Also of a store that had this connection before.
    this.#derived.execute(`DROP TABLE IF EXISTS memory_fts; ${memoryText}`)
  }

  /** Adds a document. @returns its number. */
  add(texts: readonly string[]): number {
    const sql = 'INSERT INTO memory_fts (docid, key, value, metadata) VALUES (?, ?, ?, ?)'
    this.#derived.run(sql, [++this.#docid, ...texts])
    return this.#docid
  }

  /** Runs `work`, which adds documents, in one transaction: several times as fast. */
  adding(work: () => void): void {
    this.#derived.transaction(work)
  }

  /** Returns all documents that match an expression, also those that were replaced. */
  matches(expression: string): TextMatch[] {
    const sql = "SELECT docid, matchinfo(memory_fts, 'y') FROM memory_fts WHERE memory_fts MATCH ?"
    return this.#derived.all<[number, Uint8Array]>(sql, [expression])
  }
}

function toRow(columns: SearchColumns): SearchRow {
  const [key, partition, owner, accessLevel, teamId, swarmId, granted, blocked, createdAt, expiresAt, ...rest] = columns
  const [embedder, dimension, vectors] = rest
  return {
    key,
    partition,
    owner,
    accessLevel: accessLevel ?? 'private',
    teamId,
    swarmId,
    granted,
    blocked,
    createdAt,
    expiresAt,
    embedder,
    vectors: vectors === null ? [] : vectorsOfBytes(vectors, dimension ?? undefined),
  }
}
