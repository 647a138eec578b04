import type { Connection } from '../sql/connection.ts'
import { rebuildTextIndex } from './test-pattern-text-index.ts'

/** What is searched of a pattern, in the order of the columns. */
export const TEXT_COLUMNS = ['name', 'description', 'tags', 'framework', 'patternType'] as const

/** A part of a test pattern that is searched for words. @useDeclaredType */
export type TextColumn = (typeof TEXT_COLUMNS)[number]

export interface TextDocument extends Readonly<Record<TextColumn, string>> {
  readonly patternId: string
}

export interface StoredDocument extends TextDocument {
  readonly docid: number
  readonly language: string
}

/**
 * A document that a query matches: its number, and how often each phrase is in each column, of phrase p in column c at
 * `p * COLUMNS + c`. The counts stay the bytes that SQLite gave: a view of each of ten thousand would take longer than to
 * rank them; `countAt` reads them.
 */
export type TextMatch = readonly [docid: number, counts: Uint8Array]

/** A word that was found: in which column, and where in its UTF-8. */
export interface TextHit {
  readonly column: TextColumn
  readonly start: number
  readonly length: number
}

/** With that of the id, which nothing is found in. */
export const COLUMNS: number = TEXT_COLUMNS.length + 1

const INSERT = `INSERT INTO pattern_fts (pattern_id, pattern_name, description, tags, framework, pattern_type, docid)
  VALUES (?, ?, ?, ?, ?, ?, ?)`

const UPDATE = `UPDATE pattern_fts SET pattern_id = ?, pattern_name = ?, description = ?, tags = ?, framework = ?,
    pattern_type = ?
  WHERE docid = ?`

const SELECT = `SELECT text.docid, text.pattern_id, text.pattern_name, text.description, text.tags, text.framework,
    text.pattern_type, pattern.language
  FROM pattern_documents AS document
  JOIN pattern_fts AS text ON text.docid = document.docid
  JOIN test_patterns AS pattern ON pattern.id = document.pattern_id`

const ALL = `${SELECT} ORDER BY document.docid`
const BY_PATTERN = `${SELECT} WHERE document.pattern_id = ?`

const MATCHES = "SELECT docid, matchinfo(pattern_fts, 'y') FROM pattern_fts WHERE pattern_fts MATCH ?"
/** The same in every row, so one is enough. */
const FREQUENCIES = "SELECT matchinfo(pattern_fts, 'x') FROM pattern_fts WHERE pattern_fts MATCH ? LIMIT 1"
const OFFSETS = `SELECT docid, offsets(pattern_fts) FROM pattern_fts
  WHERE pattern_fts MATCH ? AND docid IN (SELECT value FROM json_each(?))`

type Columns = [number, string, string, string, string, string, string, string]

/** The full text of patterns. */
export class PatternTextTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Afterwards the pattern is found by this text and by no other. */
  set(document: TextDocument): void {
    const known = this.#docidOf(document.patternId)
    if (known !== undefined) {
      this.#connection.run(UPDATE, [...valuesOf(document), known])
      return
    }
    this.#connection.run('INSERT INTO pattern_documents (pattern_id) VALUES (?)', [document.patternId])
    const [docid = 0] = this.#connection.get<[number]>('SELECT last_insert_rowid()') ?? []
    this.#connection.run(INSERT, [...valuesOf(document), docid])
  }

  /** Makes everything anew from the patterns, in the order of their ids. */
  rebuild(): number {
    return rebuildTextIndex(this.#connection)
  }

  remove(patternId: string): void {
    const docid = this.#docidOf(patternId)
    if (docid === undefined) return
    this.#connection.run('DELETE FROM pattern_fts WHERE docid = ?', [docid])
    this.#connection.run('DELETE FROM pattern_documents WHERE docid = ?', [docid])
  }

  all(): StoredDocument[] {
    return this.#connection.all<Columns>(ALL).map(toDocument)
  }

  get(patternId: string): StoredDocument | undefined {
    const columns = this.#connection.get<Columns>(BY_PATTERN, [patternId])
    return columns && toDocument(columns)
  }

  /** Every document that an expression matches. */
  matches(expression: string): TextMatch[] {
    return this.#connection.all<[number, Uint8Array]>(MATCHES, [expression])
  }

  /** How many documents have each phrase in each column, as the counts of a match have them. @param expression one that matches something. */
  frequencies(expression: string): number[] {
    const [matchinfo] = this.#connection.get<[Uint8Array]>(FREQUENCIES, [expression]) ?? []
    // Of each phrase and column three: here, everywhere, and in how many documents.
    return Array.from({ length: (matchinfo?.length ?? 0) / 12 }, (_, i) => countAt(matchinfo as Uint8Array, 3 * i + 2))
  }

  /** Where in these documents the words are that an expression matches. */
  hits(expression: string, docids: readonly number[]): Map<number, TextHit[]> {
    const rows = this.#connection.all<[number, string]>(OFFSETS, [expression, JSON.stringify(docids)])
    return new Map(rows.map(([docid, offsets]) => [docid, toHits(offsets)]))
  }

  #docidOf(patternId: string): number | undefined {
    return this.#connection.get<[number]>('SELECT docid FROM pattern_documents WHERE pattern_id = ?', [patternId])?.[0]
  }
}

function valuesOf(document: TextDocument): string[] {
  return [document.patternId, ...TEXT_COLUMNS.map((column) => document[column])]
}

function toDocument(columns: Columns): StoredDocument {
  const [docid, patternId, name, description, tags, framework, patternType, language] = columns
  return { docid, patternId, name, description, tags, framework, patternType, language }
}

/** The word of 32 bits at this place; WebAssembly is little-endian. */
export function countAt(words: Uint8Array, place: number): number {
  const at = 4 * place
  const low = (words[at] as number) | ((words[at + 1] as number) << 8)
  return (low | ((words[at + 2] as number) << 16) | ((words[at + 3] as number) << 24)) >>> 0
}

/** Four numbers for each word: column, which word of the query, first byte, bytes. */
function toHits(offsets: string): TextHit[] {
  const numbers = offsets.split(' ').map(Number)
  const hits: TextHit[] = []
  for (let i = 0; i + 3 < numbers.length; i += 4) {
    const column = TEXT_COLUMNS[(numbers[i] as number) - 1]
    if (column) hits.push({ column, start: numbers[i + 2] as number, length: numbers[i + 3] as number })
  }
  return hits
}
