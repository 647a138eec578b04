import type { IndexConfig, PutOperation } from '@langchain/langgraph-checkpoint'
import { textsAt } from './langgraph-texts.ts'

type Vectors = readonly (readonly number[])[]

/** The vectors of each item, one for each indexed text. All texts are embedded in one call, equal ones once. */
export async function vectorsOf(puts: readonly PutOperation[], config: IndexConfig | undefined): Promise<Vectors[]> {
  const texts = puts.map(({ value, index }) => {
    if (config === undefined || value === null || index === false) return []
    return (index ?? config.fields ?? ['$']).flatMap((path) => textsAt(value, path))
  })
  const all = [...new Set(texts.flat())]
  const embedded = all.length === 0 ? [] : ((await config?.embeddings.embedDocuments(all)) ?? [])
  const vectors = new Map(all.map((text, i) => [text, embedded[i] ?? []]))
  return texts.map((own) => own.map((text) => vectors.get(text) ?? []))
}

/** Sorts items by their greatest cosine similarity, highest first; items without a vector of this length come last. */
export function ranked<T extends { readonly vectors: Vectors }>(
  items: readonly T[],
  vector: readonly number[],
): { item: T; score: number | undefined }[] {
  const scored = items.map((item) => {
    const cosines = item.vectors.filter((one) => one.length === vector.length).map((one) => cosine(one, vector))
    return { item, score: cosines.length > 0 ? Math.max(...cosines) : undefined }
  })
  return scored.sort((a, b) => (b.score ?? Number.NEGATIVE_INFINITY) - (a.score ?? Number.NEGATIVE_INFINITY) || 0)
}

/** Cosine similarity; 0 for zero vectors. */
function cosine(a: readonly number[], b: readonly number[]): number {
  const lengths = Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b))
  return lengths === 0 ? 0 : dot(a, b) / lengths
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0)
}
