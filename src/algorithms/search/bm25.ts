/** Saturation of term frequency, and strength of length normalization: the usual values. */
const K1 = 1.2
const B = 0.75

/** A column of the documents. */
export interface Column {
  /** Weight of the column in the score. */
  readonly weight: number
  /** Mean length over all documents, in words. */
  readonly averageLength: number
}

/**
 * The inverse document frequency of a term. Robertson & Sparck Jones (1976), with 1 added inside the logarithm as in Lucene, so
 * that it is above 0 for terms of most documents, too.
 * @param documents number of documents with the term. @param total number of documents.
 */
export function inverseDocumentFrequency(documents: number, total: number): number {
  return Math.log1p((total - documents + 0.5) / (documents + 0.5))
}

/**
 * The contribution of a term in a column to the score of a document, which is the sum over terms and columns. Robertson &
 * Zaragoza (2009), "The Probabilistic Relevance Framework: BM25 and Beyond", with k1 = 1.2 and b = 0.75.
 * @param hits occurrences of the term in the column. @param idf inverse document frequency of the term in the column.
 * @param length of the column in this document, in words. @returns at least 0.
 */
export function bm25(hits: number, idf: number, length: number, { weight, averageLength }: Column): number {
  if (hits === 0) return 0
  const norm = K1 * (1 - B + (averageLength > 0 ? (B * length) / averageLength : 0))
  return (weight * idf * hits * (K1 + 1)) / (hits + norm)
}
