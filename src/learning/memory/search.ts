import { type Caller, mayAccess } from '../../algorithms/access.ts'
import { fuseRankings } from '../../algorithms/search/rank-fusion.ts'
import { type Matching, matchExpression } from '../../algorithms/search/text-query.ts'
import { countAt, frequenciesOf, rankMatches, type TextMatch } from '../../algorithms/search/text-ranking.ts'
import { type Scored, TopList } from '../../algorithms/search/top-list.ts'
import { checkCount, checkList, checkName, checkNumber, checkOneOf, checkOptions, invalid } from '../../checks.ts'
import { MEMORY_TEXT_COLUMNS, type MemoryTextColumn } from '../../tables/memory-search.ts'
import { checkVector, otherDimension, otherEmbedder, type Vector } from '../vectors.ts'
import type { MemoryEntry } from './entry.ts'
import { checkSelection, FILTER_FIELDS, type MemoryFilterOptions, type MemorySelection } from './listing.ts'
import type { IndexedEntry, IndexedText, MemoryIndex } from './memory-index.ts'

/** Options of `search` of the shared memory: `text`, `vector` or both, and filters, all of which must match. */
export interface SearchMemoryOptions extends MemoryFilterOptions {
  /** The words to search for: `word`, `prefix*` and `"a phrase"`. No text is invalid. */
  readonly text?: string
  /** Whether an entry must have any word or phrase of the text, or all. Default: `any`. */
  readonly matching?: Matching
  /** The searched parts of entries. Default: all, the key, the value and the metadata. */
  readonly fields?: readonly MemoryTextColumn[]
  /** The vector to compare those of entries with. */
  readonly vector?: Vector
  /** The embedder that computed the vector; required beside it. Only its vectors are compared. */
  readonly embedder?: string
  /** Minimum cosine similarity of entries that are found by their vectors, in [-1, 1]. Default: -1. */
  readonly minimum?: number
  /** Weight of the vector beside the text, in [0, 1]. Default: 0.5. */
  readonly vectorWeight?: number
  /** Maximum number of entries. Default: 10. */
  readonly limit?: number
  /** Number of entries to skip. Default: 0. */
  readonly offset?: number
}

/** An entry of the shared memory that a search found. */
export interface MemoryHit {
  /** The entry. */
  readonly entry: MemoryEntry
  /**
   * The score by which results are sorted. By words alone: BM25, above 0. By vector alone: the cosine similarity, in [-1, 1]. By both:
   * the reciprocal rank fusion of the two rankings, in (0, 1/61]. Comparable only within one search.
   */
  readonly score: number
  /** The BM25 score; null if the words did not find the entry. */
  readonly textScore: number | null
  /** The cosine similarity; null if the vector did not find the entry. */
  readonly similarity: number | null
}

/** Checked options. */
export interface MemorySearch extends MemorySelection {
  /** The query as an expression of SQLite; undefined for a search by vector alone. */
  readonly text: { readonly expression: string | undefined; readonly matching: Matching } | undefined
  readonly fields: readonly MemoryTextColumn[]
  readonly vector: { readonly vector: Float32Array; readonly embedder: string } | undefined
  readonly minimum: number
  readonly vectorWeight: number
  readonly limit: number
  readonly offset: number
}

const SEARCH_FIELDS = [
  ...FILTER_FIELDS,
  'text',
  'matching',
  'fields',
  'vector',
  'embedder',
  'minimum',
  'vectorWeight',
  'limit',
  'offset',
] as const

const MATCHINGS = ['any', 'all'] as const

/** The weight of a hit in each column. */
const WEIGHTS: Readonly<Record<MemoryTextColumn, number>> = { key: 2, value: 1, metadata: 1 }

/** @throws INVALID_ARGUMENT */
export function checkSearch(options: SearchMemoryOptions): MemorySearch {
  const checked = checkOptions(options, 'the options', SEARCH_FIELDS)
  const { text, matching = 'any', fields = MEMORY_TEXT_COLUMNS, vector, embedder, ...rest } = checked
  const { minimum = -1, vectorWeight = 0.5, limit = 10, offset = 0, ...filters } = rest
  if (text === undefined && vector === undefined) throw invalid('text', 'set, or vector', text)
  if (text !== undefined && typeof text !== 'string') throw invalid('text', 'a string', text)
  if (vector === undefined && embedder !== undefined) throw invalid('embedder', 'left out without a vector', embedder)
  checkOneOf(matching, 'matching', MATCHINGS)
  if (checkList(fields, 'fields').length === 0) throw invalid('fields', 'at least one field', fields)
  return {
    ...checkSelection(filters),
    text: text === undefined ? undefined : { expression: matchExpression(text, 'any'), matching },
    fields: fields.map((field) => checkOneOf(field, 'fields', MEMORY_TEXT_COLUMNS)),
    vector: vector && { vector: checkVector(vector), embedder: checkName(embedder, 'embedder') },
    minimum: checkNumber(minimum, 'minimum', -1, 1),
    vectorWeight: checkNumber(vectorWeight, 'vectorWeight', 0, 1),
    limit: checkCount(limit, 'limit', 0),
    offset: checkCount(offset, 'offset', 0),
  }
}

/**
 * Searches the entries that a caller may read. Scores depend on no other entries: those would reveal what others contain.
 *
 * @param now ms since the epoch. @param read returns the content of an entry.
 * @returns the best first, equal ones in the order of creation. @throws INVALID_ARGUMENT
 */
export function searchMemory(
  index: MemoryIndex,
  caller: Caller,
  search: MemorySearch,
  now: number,
  read: (entry: IndexedEntry) => MemoryEntry | undefined,
): MemoryHit[] {
  const { text, vector, limit, offset } = search
  const isReadable = (entry: IndexedEntry): boolean =>
    (entry.expiresAt === null || entry.expiresAt > now) && mayAccess(caller, 'read', entry)
  const contents = new Map<string, MemoryEntry | undefined>()
  const contentOf = (rank: string): MemoryEntry | undefined => {
    const entry = index.get(rank)
    if (entry && !contents.has(rank)) contents.set(rank, read(entry))
    return contents.get(rank)
  }
  const fits = (rank: string): boolean => {
    const entry = index.get(rank)
    if (!entry || !isSelected(entry, search)) return false
    if (search.matchesContent === undefined) return true
    const content = contentOf(rank)
    return content !== undefined && search.matchesContent(content)
  }
  // Ranks are only known when all results are.
  const most = text && vector ? Number.POSITIVE_INFINITY : limit + offset
  const byText = text ? rankByText(index, search, isReadable, fits, most) : []
  const byVector = vector ? rankByVector(index, search, vector, isReadable, fits, most) : []
  const best = text && vector ? fused(byText, byVector, search) : [...byText, ...byVector]
  const [textScores, similarities] = [byText, byVector].map(
    (list) => new Map(list.map(({ key, score }) => [key, score])),
  )
  return best.slice(offset, offset + limit).flatMap(({ key, score }) => {
    const entry = contentOf(key)
    if (!entry) return []
    return [{ entry, score, textScore: textScores?.get(key) ?? null, similarity: similarities?.get(key) ?? null }]
  })
}

/** By BM25 over the entries that the caller may read. */
function rankByText(
  index: MemoryIndex,
  { text, fields }: MemorySearch,
  isReadable: (entry: IndexedEntry) => boolean,
  fits: (rank: string) => boolean,
  limit: number,
): Scored<string>[] {
  if (text?.expression === undefined || limit === 0) return []
  const full = index.text()
  const readable = new Map<number, IndexedText>()
  const sums = MEMORY_TEXT_COLUMNS.map(() => 0)
  for (const [docid, document] of full.documents()) {
    const entry = index.get(document.key)
    if (!entry || !isReadable(entry)) continue
    readable.set(docid, document)
    for (const [i, length] of document.lengths.entries()) sums[i] = (sums[i] as number) + length
  }
  const matches = full.matches(text.expression).filter(([docid]) => readable.has(docid))
  const columns = MEMORY_TEXT_COLUMNS.map((column, i) =>
    fields.includes(column)
      ? { weight: WEIGHTS[column], averageLength: (sums[i] as number) / Math.max(1, readable.size) }
      : undefined,
  )
  const isSearched = columns.map((column) => column !== undefined)
  return rankMatches(text.matching === 'all' ? matches.filter((match) => hasAllPhrases(match, isSearched)) : matches, {
    frequencies: frequenciesOf(matches),
    documents: readable.size,
    columns,
    documentOf: (docid) => readable.get(docid),
    limit,
    fits,
  })
}

function hasAllPhrases([, counts]: TextMatch, isSearched: readonly boolean[]): boolean {
  for (let at = 0; 4 * at < counts.length; at += isSearched.length) {
    if (!isSearched.some((searched, column) => searched && countAt(counts, at + column) > 0)) return false
  }
  return true
}

/** By cosine similarity. */
function rankByVector(
  index: MemoryIndex,
  search: MemorySearch,
  { vector, embedder }: { readonly vector: Float32Array; readonly embedder: string },
  isReadable: (entry: IndexedEntry) => boolean,
  fits: (rank: string) => boolean,
  limit: number,
): Scored<string>[] {
  const readable = new Set<string>()
  const embedders = new Set<string>()
  const dimensions = new Set<number>()
  for (const entry of index.entries()) {
    if (entry.embedder === null || !isReadable(entry) || !isSelected(entry, search)) continue
    embedders.add(entry.embedder)
    if (entry.embedder !== embedder || entry.dimension === undefined) continue
    dimensions.add(entry.dimension)
    readable.add(entry.rank)
  }
  if (embedders.size > 0 && !embedders.has(embedder)) throw otherEmbedder(embedder, [...embedders].sort())
  const [dimension] = dimensions
  if (dimension !== undefined && !dimensions.has(vector.length)) throw otherDimension(embedder, dimension, vector)
  const isFound = (rank: string): boolean => readable.has(rank) && fits(rank)
  const nearest = index.vectorsOf(embedder).nearest(vector, limit, search.minimum, isFound)
  return nearest.map(({ id, similarity }) => ({ key: id, score: similarity }))
}

function fused(
  byText: readonly Scored<string>[],
  byVector: readonly Scored<string>[],
  { vectorWeight, limit, offset }: MemorySearch,
): Scored<string>[] {
  const keysOf = (list: readonly Scored<string>[]): string[] => list.map(({ key }) => key)
  const scores = fuseRankings([
    { keys: keysOf(byText), weight: 1 - vectorWeight },
    { keys: keysOf(byVector), weight: vectorWeight },
  ])
  const best = new TopList<string>(limit + offset)
  for (const [key, score] of scores) if (score > 0) best.add(key, score)
  return best.best()
}

function isSelected(entry: IndexedEntry, { criteria, matchesKey }: MemorySelection): boolean {
  const { partition, owner, accessLevel, teamId, swarmId } = criteria
  return (
    (partition === null || entry.partition === partition) &&
    (owner === null || entry.owner === owner) &&
    (accessLevel === null || entry.accessLevel === accessLevel) &&
    (teamId === null || entry.teamId === teamId) &&
    (swarmId === null || entry.swarmId === swarmId) &&
    matchesKey(entry.key)
  )
}
