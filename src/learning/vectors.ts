import { lengthOf } from '../algorithms/search/vectors.ts'
import { checkList, invalid } from '../checks.ts'
import type { StoreError } from '../errors.ts'

/** A vector as callers give it. It is stored as 32-bit floats. */
export type Vector = Float32Array | readonly number[]

/** @throws INVALID_ARGUMENT if the vector is empty, or has an item that is not a finite 32-bit float. */
export function checkVector(value: Vector): Float32Array {
  const items = value instanceof Float32Array ? value : checkList(value, 'vector')
  if (items.length === 0) throw invalid('vector', 'at least one number', items)
  const vector = new Float32Array(items.length)
  for (const [i, item] of items.entries()) {
    vector[i] = typeof item === 'number' ? item : Number.NaN
    if (!Number.isFinite(vector[i])) throw invalid('vector', 'finite 32-bit floats', item)
  }
  return vector
}

/** As `checkVector`, for vectors that must have a direction. @throws INVALID_ARGUMENT */
export function checkDirection(value: Vector): Float32Array {
  const vector = checkVector(value)
  if (lengthOf(vector) === 0) throw invalid('vector', 'other than zeros alone', vector)
  return vector
}

/** @param dimension of the stored vectors of the embedder. */
export function otherDimension(embedder: string, dimension: number, vector: Float32Array): StoreError {
  return invalid('vector', `of dimension ${dimension}, as ${embedder} makes them`, vector.length)
}

/** @param used the embedders with stored vectors. */
export function otherEmbedder(embedder: string, used: readonly string[]): StoreError {
  return invalid('embedder', `one that was used: ${used.join(', ')}`, embedder)
}
