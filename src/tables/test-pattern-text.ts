import { countAt, type TextMatch } from '../algorithms/search/text-ranking.ts'
import type { Connection } from '../sql/connection.ts'
import { rebuildTextIndex } from './test-pattern-text-index.ts'

/** The searched fields of a pattern, in the order of the columns. */
export const TEXT_COLUMNS = ['name', 'description', 'tags', 'framework', 'patternType'] as const

/** A searched field of a test pattern. @useDeclaredType */
export type TextColumn = (typeof TEXT_COLUMNS)[number]

/** The searched text of a pattern. */
export interface TextDocument extends Readonly<Record<TextColumn, string>> {
  readonly patternId: string
}

export interface StoredDocument extends TextDocument {
  readonly docid: number
  readonly language: string
}

/** A matched word: its column and its byte range in the UTF-8 encoding. */
export interface TextHit {
  readonly column: TextColumn
  readonly start: number
  readonly length: number
}

/** Number of columns, including the id, which is not searched. */
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
/** One row is enough: the value is the same in every row. */
const FREQUENCIES = "SELECT matchinfo(pattern_fts, 'x') FROM pattern_fts WHERE pattern_fts MATCH ? LIMIT 1"
const OFFSETS = `SELECT docid, offsets(pattern_fts) FROM pattern_fts
  WHERE pattern_fts MATCH ? AND docid IN (SELECT value FROM json_each(?))`

type Columns = [number, string, string, string, string, string, string, string]

/** The full-text index of test patterns. */
export class PatternTextTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Inserts or replaces the text of a pattern. */
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

  /** Rebuilds the index from the patterns. @returns the number of entries. */
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

  /** Returns all documents that match an expression. */
  matches(expression: string): TextMatch[] {
    return this.#connection.all<[number, Uint8Array]>(MATCHES, [expression])
  }

  /** Returns the number of documents with each phrase in each column, in the order of `TextMatch`. @param expression with at least one match. */
  frequencies(expression: string): number[] {
    const [matchinfo] = this.#connection.get<[Uint8Array]>(FREQUENCIES, [expression]) ?? []
    // matchinfo 'x' has three numbers per phrase and column: hits in this row, hits in all rows, rows with hits.
    return Array.from({ length: (matchinfo?.length ?? 0) / 12 }, (_, i) => countAt(matchinfo as Uint8Array, 3 * i + 2))
  }

  /** Returns the matched words of documents. */
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

/** Parses the result of offsets(): column, term of the query, first byte and length of each word. */
function toHits(offsets: string): TextHit[] {
  const numbers = offsets.split(' ').map(Number)
  const hits: TextHit[] = []
  for (let i = 0; i + 3 < numbers.length; i += 4) {
    const column = TEXT_COLUMNS[(numbers[i] as number) - 1]
    if (column) hits.push({ column, start: numbers[i + 2] as number, length: numbers[i + 3] as number })
  }
  return hits
}
