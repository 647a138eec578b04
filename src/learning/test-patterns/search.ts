import { bm25, type Column, inverseDocumentFrequency } from '../../algorithms/search/bm25.ts'
import { highlighted, type TextPart } from '../../algorithms/search/highlight.ts'
import { countWords, type Matching, matchExpression } from '../../algorithms/search/text-query.ts'
import { TopList } from '../../algorithms/search/top-list.ts'
import {
  COLUMNS,
  countAt,
  PatternTextTable,
  type StoredDocument,
  TEXT_COLUMNS,
  type TextColumn,
  type TextHit,
  type TextMatch,
} from '../../tables/test-pattern-text.ts'
import type { TestPatternCriteria, TestPatternRow } from '../../tables/test-patterns.ts'
import type { Core } from '../core/core.ts'
import { IncrementalIndex } from './incremental-index.ts'
import type { TestPatternMetadata } from './test-pattern.ts'

/** Where the words were found: a field of the pattern, in parts. */
export interface Snippet {
  readonly field: TextColumn
  readonly parts: readonly TextPart[]
}

/** A pattern that was found. */
export interface FoundText {
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

/** How much a word in each column counts. */
const WEIGHTS: Readonly<Record<TextColumn, number>> = { name: 3, description: 1, tags: 2, framework: 1, patternType: 1 }

/** What ranking needs of a document that SQLite does not tell quickly: its lengths, and what searches are limited to. */
interface Measured extends Pick<StoredDocument, 'docid' | 'patternId' | 'framework' | 'patternType' | 'language'> {
  /** In words, by column. */
  readonly lengths: readonly number[]
}

/** Full-text search with our ranking: SQLite finds and counts the words, BM25 scores each column by itself. */
export class TestPatternSearch {
  readonly #table: PatternTextTable
  readonly #lengths: IncrementalIndex<TextLengths>

  constructor(core: Core) {
    this.#table = new PatternTextTable(core.connection)
    this.#lengths = new IncrementalIndex(core, {
      build: () => new TextLengths(this.#table.all()),
      reread: (lengths, patternId) => lengths.set(patternId, this.#table.get(patternId)),
    })
  }

  /** Inside a transaction: the pattern is found by its text as it is now. */
  keep({ id, framework, patternType, metadata }: TestPatternRow): void {
    const { name = '', description = '', tags = [] } = JSON.parse(metadata) as TestPatternMetadata
    this.#table.set({ patternId: id, name, description, tags: tags.join(', '), framework, patternType })
    this.#lengths.changed(id)
  }

  /** Inside a transaction: the pattern is found no more. */
  remove(patternId: string): void {
    this.#table.remove(patternId)
    this.#lengths.changed(patternId)
  }

  /** Inside a transaction: every pattern is found by its text, and nothing else is. Answers how many there are. */
  rebuild(): number {
    this.#lengths.forget()
    return this.#table.rebuild()
  }

  /** The best first; of equal scores what was stored first. */
  find({ text, matching, limit, offset, ...criteria }: TextSearch): FoundText[] {
    const expression = matchExpression(text, matching)
    if (expression === undefined || limit === 0) return []
    const lengths = this.#lengths.current()
    const matches = this.#table.matches(expression)
    const frequencies = tellsAll(matches, matching) ? counted(matches) : this.#table.frequencies(expression)
    const best = rank(matches, frequencies, lengths, criteria, limit + offset).slice(offset)
    const hits = this.#table.hits(
      expression,
      best.map(({ key }) => key),
    )
    return best.map(({ key: docid, score }) => {
      const { patternId } = lengths.get(docid) as Measured
      const document = this.#table.get(patternId) as StoredDocument
      return { patternId, score, snippets: snippetsOf(document, hits.get(docid) ?? []) }
    })
  }
}

/** Whether every document that has one of the phrases is among the matches. */
function tellsAll([first]: readonly TextMatch[], matching: Matching): boolean {
  return matching === 'any' || first === undefined || first[1].length === 4 * COLUMNS
}

/** How many of the matches have each phrase in each column; SQLite would go through all of them again. */
function counted(matches: readonly TextMatch[]): number[] {
  const frequencies = Array.from({ length: (matches[0]?.[1].length ?? 0) / 4 }, () => 0)
  for (const [, counts] of matches) {
    for (let i = 0; i < frequencies.length; i++) if (countAt(counts, i) > 0) (frequencies[i] as number)++
  }
  return frequencies
}

function rank(
  matches: readonly TextMatch[],
  frequencies: readonly number[],
  lengths: TextLengths,
  { framework, patternType, language }: TestPatternCriteria,
  most: number,
): { readonly key: number; readonly score: number }[] {
  const best = new TopList<number>(most)
  const idfs = frequencies.map((documents) => inverseDocumentFrequency(documents, lengths.documents))
  const columns = lengths.columns()
  for (const [docid, counts] of matches) {
    const document = lengths.get(docid)
    if (!document) continue
    if (framework !== null && document.framework !== framework) continue
    if (patternType !== null && document.patternType !== patternType) continue
    if (language !== null && document.language !== language) continue
    best.add(docid, scoreOf(counts, idfs, document, columns))
  }
  return best.best()
}

function scoreOf(
  counts: Uint8Array,
  idfs: readonly number[],
  { lengths }: Measured,
  columns: readonly Column[],
): number {
  let score = 0
  for (let i = 0; i < idfs.length; i++) {
    const hits = countAt(counts, i)
    if (hits === 0) continue
    // The first column is the id.
    const column = (i % COLUMNS) - 1
    score += bm25(hits, idfs[i] as number, lengths[column] as number, columns[column] as Column)
  }
  return score
}

function snippetsOf(document: StoredDocument, hits: readonly TextHit[]): Snippet[] {
  return TEXT_COLUMNS.flatMap((field) => {
    const found = hits.filter(({ column }) => column === field)
    return found.length === 0 ? [] : [{ field, parts: highlighted(document[field], found) }]
  })
}

/** How long the documents are, each and on average. */
class TextLengths {
  readonly #byPattern = new Map<string, Measured>()
  readonly #byDocid = new Map<number, Measured>()
  readonly #sums = TEXT_COLUMNS.map(() => 0)

  constructor(documents: readonly StoredDocument[]) {
    for (const document of documents) this.set(document.patternId, document)
  }

  get documents(): number {
    return this.#byPattern.size
  }

  get(docid: number): Measured | undefined {
    return this.#byDocid.get(docid)
  }

  columns(): Column[] {
    return TEXT_COLUMNS.map((column, i) => ({
      weight: WEIGHTS[column],
      averageLength: this.documents === 0 ? 0 : (this.#sums[i] as number) / this.documents,
    }))
  }

  /** @param document undefined where there is none any more. */
  set(patternId: string, document: StoredDocument | undefined): void {
    const known = this.#byPattern.get(patternId)
    if (known) {
      this.#count(known, -1)
      this.#byPattern.delete(patternId)
      // Its number may belong to another pattern by now.
      if (this.#byDocid.get(known.docid) === known) this.#byDocid.delete(known.docid)
    }
    if (!document) return
    const { docid, framework, patternType, language } = document
    const lengths = TEXT_COLUMNS.map((column) => countWords(document[column]))
    const measured = { docid, patternId, framework, patternType, language, lengths }
    this.#byPattern.set(patternId, measured)
    this.#byDocid.set(docid, measured)
    this.#count(measured, 1)
  }

  #count({ lengths }: Measured, times: 1 | -1): void {
    for (const [column, length] of lengths.entries()) this.#sums[column] = (this.#sums[column] ?? 0) + times * length
  }
}
