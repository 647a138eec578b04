/** Ranks items by score, each name once. @param limit maximum number. @returns the best first, ties by name. */
export function bestByName<T extends { readonly score: number }>(
  items: readonly T[],
  nameOf: (item: T) => string,
  limit: number,
): T[] {
  const best = new Map<string, T>()
  for (const item of items) {
    if (item.score > (best.get(nameOf(item))?.score ?? Number.NEGATIVE_INFINITY)) best.set(nameOf(item), item)
  }
  return [...best.values()].sort((a, b) => b.score - a.score || (nameOf(a) < nameOf(b) ? -1 : 1)).slice(0, limit)
}
