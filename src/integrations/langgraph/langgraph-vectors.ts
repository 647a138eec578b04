import type { IndexConfig, PutOperation } from '@langchain/langgraph-checkpoint'
import { invalid } from '../../checks.ts'
import type { MemoryEmbedding } from '../../entry/exports.ts'
import { textsAt } from './langgraph-texts.ts'

/** An embedder with the name under which its vectors are stored. */
export interface NamedIndex extends IndexConfig {
  readonly embedder: string
}

/**
 * The vectors of each item, one for each indexed text. All texts are embedded in one call, equal ones once.
 * @throws INVALID_ARGUMENT if the embedder returns vectors of another dimension, or too few
 */
export async function embeddingsOf(
  puts: readonly PutOperation[],
  index: NamedIndex | undefined,
): Promise<(MemoryEmbedding | undefined)[]> {
  if (index === undefined) return puts.map(() => undefined)
  const texts = puts.map(({ value, index: fields }) => {
    if (value === null || fields === false) return []
    return (fields ?? index.fields ?? ['$']).flatMap((path) => textsAt(value, path))
  })
  const all = [...new Set(texts.flat())]
  const embedded = all.length === 0 ? [] : await index.embeddings.embedDocuments(all)
  if (embedded.length !== all.length) {
    throw invalid('the number of embeddings', `${all.length}, one for each text`, embedded.length)
  }
  const vectors = new Map(all.map((text, i) => [text, checkDimension(embedded[i], index)]))
  return texts.map((own) =>
    own.length === 0
      ? undefined
      : { embedder: index.embedder, vector: own.map((text) => vectors.get(text) as Float32Array) },
  )
}

/** The vector of a query. @throws INVALID_ARGUMENT if it has another dimension than the index */
export async function queryVectorOf(query: string, index: NamedIndex): Promise<Float32Array> {
  return checkDimension(await index.embeddings.embedQuery(query), index)
}

function checkDimension(vector: readonly number[] | undefined, { dims, embedder }: NamedIndex): Float32Array {
  if (vector?.length !== dims) {
    throw invalid(
      `the vectors of the embedder ${embedder}`,
      `of dimension ${dims}, the dims of the index`,
      vector?.length,
    )
  }
  return Float32Array.from(vector)
}
