import { bm25, type Column, inverseDocumentFrequency } from './bm25.ts'
import { type Scored, TopList } from './top-list.ts'

/**
 * A match of a full-text query: the id of a document, and the number of occurrences of each phrase p in each of n columns c, at
 * `p * n + c`. The counts stay in the bytes from SQLite, which `countAt` reads: creating a typed array for each of ten thousand matches
 * takes longer than ranking.
 */
export type TextMatch = readonly [docid: number, counts: Uint8Array]

/** What ranking knows of the documents. */
export interface TextRanking<Key extends string | number> {
  /** Number of documents with each phrase in each column, in the order of `TextMatch`. */
  readonly frequencies: readonly number[]
  /** Total number of documents. */
  readonly documents: number
  /** The columns; undefined for one that is not searched. */
  readonly columns: readonly (Column | undefined)[]
  /** The lengths of the columns of a document, in words, and its key in the result; undefined for one that is left out. */
  readonly documentOf: (docid: number) => { readonly lengths: readonly number[]; readonly key: Key } | undefined
  /** Maximum number of results. */
  readonly limit: number
  /** Called only for documents whose score is among the best. Default: all fit. */
  readonly fits?: (key: Key) => boolean
}

/** Reads the 32-bit number at an index; WebAssembly is little-endian. */
export function countAt(words: Uint8Array, index: number): number {
  const at = 4 * index
  const low = (words[at] as number) | ((words[at + 1] as number) << 8)
  return (low | ((words[at + 2] as number) << 16) | ((words[at + 3] as number) << 24)) >>> 0
}

/** The number of matches with each phrase in each column. */
export function frequenciesOf(matches: readonly TextMatch[]): number[] {
  const frequencies = Array.from({ length: (matches[0]?.[1].length ?? 0) / 4 }, () => 0)
  for (const [, counts] of matches) {
    for (let i = 0; i < frequencies.length; i++) if (countAt(counts, i) > 0) (frequencies[i] as number)++
  }
  return frequencies
}

/** Ranks matches by the sum of the BM25 scores of their columns. @returns the best first; of equal scores the smaller key. */
export function rankMatches<Key extends string | number>(
  matches: readonly TextMatch[],
  { frequencies, documents, columns, documentOf, limit, fits }: TextRanking<Key>,
): Scored<Key>[] {
  const best = new TopList<Key>(limit)
  const idfs = frequencies.map((count) => inverseDocumentFrequency(count, documents))
  for (const [docid, counts] of matches) {
    const document = documentOf(docid)
    if (!document) continue
    const score = scoreOf(counts, idfs, document.lengths, columns)
    if (score > 0 && score >= best.least && (fits?.(document.key) ?? true)) best.add(document.key, score)
  }
  return best.best()
}

function scoreOf(
  counts: Uint8Array,
  idfs: readonly number[],
  lengths: readonly number[],
  columns: readonly (Column | undefined)[],
): number {
  let score = 0
  for (let i = 0; i < idfs.length; i++) {
    const at = i % columns.length
    const column = columns[at]
    const hits = column === undefined ? 0 : countAt(counts, i)
    if (column && hits > 0) score += bm25(hits, idfs[i] as number, lengths[at] as number, column)
  }
  return score
}
