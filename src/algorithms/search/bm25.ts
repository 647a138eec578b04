/** How much a repeated word still adds, and how much the length of a text counts: the usual values. */
const K1 = 1.2
const B = 0.75

/** One column of the documents. */
export interface Column {
  /** How much a word in it counts. */
  readonly weight: number
  /** Over all documents, in words. */
  readonly averageLength: number
}

/**
 * How rare a term is, above 0 for every term. Robertson & Sparck Jones (1976) with 1 added inside the logarithm, so that a
 * term that most documents have does not count against them (as Lucene has it).
 */
export function inverseDocumentFrequency(documents: number, total: number): number {
  return Math.log1p((total - documents + 0.5) / (documents + 0.5))
}

/**
 * What one term in one column adds to a document's score. Robertson & Zaragoza (2009), "The Probabilistic Relevance
 * Framework: BM25 and Beyond", with k1 = 1.2 and b = 0.75; the score of a document is the sum over terms and columns.
 * @param hits how often the term is in the column. @param idf of the term in this column. @param length of the document's
 * column, in words. @returns at least 0.
 */
export function bm25(hits: number, idf: number, length: number, { weight, averageLength }: Column): number {
  if (hits === 0) return 0
  const norm = K1 * (1 - B + (averageLength > 0 ? (B * length) / averageLength : 0))
  return (weight * idf * hits * (K1 + 1)) / (hits + norm)
}
