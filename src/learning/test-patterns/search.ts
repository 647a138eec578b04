import type { Column } from '../../algorithms/search/bm25.ts'
import { highlighted, type TextPart } from '../../algorithms/search/highlight.ts'
import { countWords, type Matching, matchExpression } from '../../algorithms/search/text-query.ts'
import { frequenciesOf, rankMatches, type TextMatch } from '../../algorithms/search/text-ranking.ts'
import {
  COLUMNS,
  PatternTextTable,
  type StoredDocument,
  TEXT_COLUMNS,
  type TextColumn,
  type TextHit,
} from '../../tables/test-pattern-text.ts'
import type { TestPatternCriteria, TestPatternRow } from '../../tables/test-patterns.ts'
import type { Core } from '../core/core.ts'
import { IncrementalIndex } from '../incremental-index.ts'
import type { TestPatternMetadata } from './test-pattern.ts'

/** A field of a pattern with highlighted hits. */
export interface Snippet {
  /** The field. */
  readonly field: TextColumn
  /** The text of the field in parts, hits and the text between them. */
  readonly parts: readonly TextPart[]
}

/** A search hit. */
export interface TextSearchHit {
  readonly patternId: string
  readonly score: number
  readonly snippets: readonly Snippet[]
}

export interface TextSearch extends TestPatternCriteria {
  readonly text: string
  readonly matching: Matching
  readonly limit: number
  readonly offset: number
}

/** The weight of a hit in each column. */
const WEIGHTS: Readonly<Record<TextColumn, number>> = { name: 3, description: 1, tags: 2, framework: 1, patternType: 1 }

/** The properties of a document that ranking needs and SQLite cannot return quickly: lengths and filters. */
interface MeasuredDocument
  extends Pick<StoredDocument, 'docid' | 'patternId' | 'framework' | 'patternType' | 'language'> {
  /** In words, by column; the first column is the id. */
  readonly lengths: readonly number[]
}

/** Full-text search: SQLite finds and counts the words, BM25 scores each column separately. */
export class TestPatternSearch {
  readonly #table: PatternTextTable
  readonly #lengths: IncrementalIndex<TextLengths>

  constructor(core: Core) {
    this.#table = new PatternTextTable(core.connection)
    this.#lengths = new IncrementalIndex(core, {
      build: () => new TextLengths(this.#table.all()),
      refresh: (lengths, patternId) => lengths.set(patternId, this.#table.get(patternId)),
    })
  }

  /** Adds or updates the text of a pattern. Call it inside a transaction. */
  set({ id, framework, patternType, metadata }: TestPatternRow): void {
    const { name = '', description = '', tags = [] } = JSON.parse(metadata) as TestPatternMetadata
    this.#table.set({ patternId: id, name, description, tags: tags.join(', '), framework, patternType })
    this.#lengths.changed(id)
  }

  /** Removes the text of a pattern. Call it inside a transaction. */
  remove(patternId: string): void {
    this.#table.remove(patternId)
    this.#lengths.changed(patternId)
  }

  /** Rebuilds the text index from the patterns. Call it inside a transaction. @returns the number of entries. */
  rebuild(): number {
    this.#lengths.forget()
    return this.#table.rebuild()
  }

  /** Best first; equal scores in the order of insertion. */
  find({ text, matching, limit, offset, ...criteria }: TextSearch): TextSearchHit[] {
    const expression = matchExpression(text, matching)
    if (expression === undefined || limit === 0) return []
    const lengths = this.#lengths.current()
    const matches = this.#table.matches(expression)
    const frequencies = hasAllOccurrences(matches, matching)
      ? frequenciesOf(matches)
      : this.#table.frequencies(expression)
    const documents = lengths.documents
    const documentOf = (docid: number): { lengths: readonly number[]; key: number } | undefined => {
      const document = lengths.get(docid)
      return document && matchesCriteria(document, criteria) ? { lengths: document.lengths, key: docid } : undefined
    }
    const ranking = { frequencies, documents, columns: lengths.columns(), documentOf, limit: limit + offset }
    const best = rankMatches(matches, ranking).slice(offset)
    const hits = this.#table.hits(
      expression,
      best.map(({ key }) => key),
    )
    return best.map(({ key: docid, score }) => {
      const { patternId } = lengths.get(docid) as MeasuredDocument
      const document = this.#table.get(patternId) as StoredDocument
      return { patternId, score, snippets: snippetsOf(document, hits.get(docid) ?? []) }
    })
  }
}

/** Whether every document that contains any of the phrases is among the matches. */
function hasAllOccurrences([first]: readonly TextMatch[], matching: Matching): boolean {
  return matching === 'any' || first === undefined || first[1].length === 4 * COLUMNS
}

function matchesCriteria(
  document: MeasuredDocument,
  { framework, patternType, language }: TestPatternCriteria,
): boolean {
  return (
    (framework === null || document.framework === framework) &&
    (patternType === null || document.patternType === patternType) &&
    (language === null || document.language === language)
  )
}

function snippetsOf(document: StoredDocument, hits: readonly TextHit[]): Snippet[] {
  return TEXT_COLUMNS.flatMap((field) => {
    const found = hits.filter(({ column }) => column === field)
    return found.length === 0 ? [] : [{ field, parts: highlighted(document[field], found) }]
  })
}

/** The lengths of documents, and their averages. */
class TextLengths {
  readonly #byPattern = new Map<string, MeasuredDocument>()
  readonly #byDocid = new Map<number, MeasuredDocument>()
  readonly #sums = Array.from({ length: COLUMNS }, () => 0)

  constructor(documents: readonly StoredDocument[]) {
    for (const document of documents) this.set(document.patternId, document)
  }

  get documents(): number {
    return this.#byPattern.size
  }

  get(docid: number): MeasuredDocument | undefined {
    return this.#byDocid.get(docid)
  }

  columns(): (Column | undefined)[] {
    const searched = TEXT_COLUMNS.map((column, i) => ({
      weight: WEIGHTS[column],
      averageLength: this.documents === 0 ? 0 : (this.#sums[i + 1] as number) / this.documents,
    }))
    return [undefined, ...searched]
  }

  /** @param document undefined if it was removed. */
  set(patternId: string, document: StoredDocument | undefined): void {
    const known = this.#byPattern.get(patternId)
    if (known) {
      this.#count(known, -1)
      this.#byPattern.delete(patternId)
      // Another pattern may have its docid by now.
      if (this.#byDocid.get(known.docid) === known) this.#byDocid.delete(known.docid)
    }
    if (!document) return
    const { docid, framework, patternType, language } = document
    const lengths = [0, ...TEXT_COLUMNS.map((column) => countWords(document[column]))]
    const measured = { docid, patternId, framework, patternType, language, lengths }
    this.#byPattern.set(patternId, measured)
    this.#byDocid.set(docid, measured)
    this.#count(measured, 1)
  }

  #count({ lengths }: MeasuredDocument, times: 1 | -1): void {
    for (const [column, length] of lengths.entries()) this.#sums[column] = (this.#sums[column] ?? 0) + times * length
  }
}
