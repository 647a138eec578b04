/** The best by score first, each name once, at most so many; of equals the first by name. */
export function bestByName<T extends { readonly score: number }>(
  items: readonly T[],
  nameOf: (item: T) => string,
  most: number,
): T[] {
  const best = new Map<string, T>()
  for (const item of items) {
    if (item.score > (best.get(nameOf(item))?.score ?? Number.NEGATIVE_INFINITY)) best.set(nameOf(item), item)
  }
  return [...best.values()].sort((a, b) => b.score - a.score || (nameOf(a) < nameOf(b) ? -1 : 1)).slice(0, most)
}
