import { MAX_RESULT_LENGTH } from './limits.ts'

/** The first items of a list that fit into a result. */
export interface Fitting<T> {
  readonly items: readonly T[]
  /** Whether some were left out. */
  readonly isTruncated: boolean
}

/** The items whose JSON fits into a result, from the first one on. */
export function fitting<T>(items: readonly T[]): Fitting<T> {
  let length = 0
  const end = items.findIndex((item) => {
    length += JSON.stringify(item).length
    return length > MAX_RESULT_LENGTH
  })
  return end < 0 ? { items, isTruncated: false } : { items: items.slice(0, end), isTruncated: true }
}
